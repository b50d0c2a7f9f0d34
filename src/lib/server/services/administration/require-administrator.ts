import { NotFoundError } from '../../errors/app-error.ts';
import type { Actor } from '../services.ts';

/** Lets administrators through. To everybody else their pages are not there, in the words of an unknown address. */
export function requireAdministrator({ role }: Actor): void {
  if (role === 'administrator') return;
  throw new NotFoundError('not_found', 'There is nothing at this address.', {
    hint: 'It may have been deleted, or belong to somebody else.',
  });
}
