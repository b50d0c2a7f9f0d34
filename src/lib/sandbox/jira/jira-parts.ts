import type { Clock } from '../clock.ts';
import type { People, PracticePerson } from '../people.ts';
import type { IssueStore } from './issue-store.ts';
import type { Wire } from './wire.ts';

/** What the endpoints of the practice Jira work with. */
export interface JiraParts {
  readonly issues: IssueStore;
  readonly people: People;
  readonly wire: Wire;
  readonly clock: Clock;
}

/** The person if the account may work; a token of a closed account proves who it was and nothing more. */
export function activePerson(person: PracticePerson | undefined): PracticePerson | undefined {
  return person?.account === 'active' ? person : undefined;
}
