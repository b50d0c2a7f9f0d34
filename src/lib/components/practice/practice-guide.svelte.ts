import { createContext } from 'svelte';
import { practiceHints, type PracticeHint } from '$lib/contracts/plain-values';

export interface PracticeGuide {
  shows(hint: PracticeHint): boolean;
  dismiss(hint: PracticeHint): void;
  dismissAll(): void;
  /** Shows all of them again. */
  restart(): void;
}

export const [usePracticeGuide, providePracticeGuide] = createContext<PracticeGuide>();

interface Deps {
  /** Outside practice mode no hint shows, whatever was put away. */
  practice: () => boolean;
  done: PracticeHint[];
  keep: (done: PracticeHint[]) => void;
}

/** Which hints still show. What is put away stays away for this person, wherever they sign in. */
export function createPracticeGuide({ practice, done: doneBefore, keep }: Deps): PracticeGuide {
  let done = $state.raw<readonly PracticeHint[]>(doneBefore);

  function change(next: PracticeHint[]) {
    done = next;
    keep(next);
  }

  return {
    shows: (hint) => practice() && !done.includes(hint),
    dismiss: (hint) => change([...done.filter((other) => other !== hint), hint]),
    dismissAll: () => change([...practiceHints]),
    restart: () => change([]),
  };
}
