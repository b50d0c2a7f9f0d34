import { provenPerson, setPassword, startOver } from '../../account-steps';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => provenPerson(event, 'reset');

export const actions: Actions = {
  complete: (event) => setPassword(event, 'reset'),
  cancel: (event) => startOver(event, 'reset'),
};
