import type { StoryContent, StoryDraft, StoryEdit } from '$lib/contracts/story';
import { createCommandWork } from '../ui/command-work.svelte.ts';
import type { Commands } from '../workspace/workspace-context.ts';

interface Deps<T> {
  draft: () => StoryDraft;
  /** The field as the editor holds it. */
  read: (content: StoryContent) => T;
  write: (typed: T) => StoryEdit;
  commands: () => Pick<Commands, 'editDraft'>;
}

export type FieldEdit<T> = ReturnType<typeof createFieldEdit<T>>;

/**
 * Editing one part of a story in place. What is typed is kept until it was saved or given up, whatever happens to the
 * story meanwhile: a newer version that changed the same part is shown beside it (`newer`), and the person decides.
 */
export function createFieldEdit<T>({ draft, read, write, commands }: Deps<T>) {
  let editing = $state(false);
  const work = createCommandWork();
  let typed = $state.raw<T>(read(draft().content));
  /** What the person last saw of this part before typing over it. */
  let seen = $state.raw<T>(read(draft().content));

  const current = $derived(read(draft().content));
  const overtaken = $derived(editing && !isSame(current, seen));

  function begin() {
    typed = seen = current;
    work.forget();
    editing = true;
  }

  function cancel() {
    editing = false;
    work.forget();
  }

  async function save() {
    if (work.busy) return;
    if (isSame(typed, current)) return cancel();
    // The newer version stands beside the editor; saving over it is a decision of its own.
    if (overtaken) return;
    const { id, version } = draft();
    if (await work.give(() => commands().editDraft(id, version, write(typed)))) editing = false;
  }

  return {
    begin,
    cancel,
    save,
    /** Drops what was typed for what the newer version says. */
    takeNewer: cancel,
    /** Saves what was typed over what the newer version says. */
    async keepMine() {
      seen = current;
      await save();
    },
    get editing() {
      return editing;
    },
    /** Something was typed that is not saved. */
    get changed() {
      return editing && !isSame(typed, seen);
    },
    get saving() {
      return work.busy;
    },
    get problem() {
      return work.problem;
    },
    get typed() {
      return typed;
    },
    set typed(next: T) {
      typed = next;
    },
    /** What a version that came while typing says; null while there is none. */
    get newer(): T | null {
      return overtaken ? current : null;
    },
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
