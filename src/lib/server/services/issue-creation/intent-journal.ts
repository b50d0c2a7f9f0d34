import type { RunEvent } from '../../../contracts/run-event.ts';
import type {
  CreationIntentRepository,
  IntentOutcome,
  IntentStatus,
} from '../../repositories/creation-intent-repository.ts';
import type { Journal } from '../journal.ts';

export type IntentJournal = ReturnType<typeof createIntentJournal>;

/** The intents, where every change also reaches the tabs. `false`: somebody else was first, and nothing changed. */
export function createIntentJournal({
  intents,
  journal,
}: {
  intents: CreationIntentRepository;
  journal: Pick<Journal, 'commit'>;
}) {
  async function published(work: () => Promise<RunEvent[] | null>): Promise<boolean> {
    return (await journal.commit(work, (events) => events ?? [])) !== null;
  }

  return {
    ...intents,
    markSent: (id: string, from: readonly IntentStatus[], lease: { owner: string; until: number }) =>
      published(() => intents.markSent(id, from, lease)),
    settle: (id: string, from: readonly IntentStatus[], outcome: IntentOutcome) =>
      published(() => intents.settle(id, from, outcome)),
  };
}
