import { provenPerson, setPassword, startOver } from '../../account-steps';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => provenPerson(event, 'register');

export const actions: Actions = {
  complete: (event) => setPassword(event, 'register'),
  cancel: (event) => startOver(event, 'register'),
};
