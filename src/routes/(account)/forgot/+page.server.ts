import { practiceTokens, proveToken } from '../account-steps';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => ({
  people: practiceTokens(locals),
  over: url.searchParams.has('over'),
});

export const actions: Actions = { default: (event) => proveToken(event, 'reset') };
