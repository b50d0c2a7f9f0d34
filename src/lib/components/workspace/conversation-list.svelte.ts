import { untrack } from 'svelte';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { ConversationSummary } from '$lib/contracts/socket-events';
import { notify, notifyProblem } from '$lib/components/ui/toasts.svelte';
import { postJson, type Posted } from './post-json.ts';

export type ConversationListState = ReturnType<typeof createConversationList>;
type Change =
  { change: 'rename'; title: string } | { change: 'archive' | 'unarchive' | 'remove' | 'restore' };

const SEARCH_AFTER_MS = 200;

/**
 * The rows of the conversation list: those that the page came with, kept up to date by what the channel tells and by
 * what is done here.
 */
export function createConversationList(initial: readonly ConversationSummary[]) {
  const rows = new SvelteMap(initial.map((row) => [row.id, row]));
  /** A late word about a row that was deleted here must not bring it back. */
  const removed = new SvelteSet<string>();
  let search = $state('');
  let archived = $state(false);
  /** Ids that the server found; null while nothing is searched for and the archive is closed. */
  let found = $state.raw<readonly string[] | null>(null);
  let searching = $state(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const shown = $derived(
    [...rows.values()]
      .filter((row) => row.archived === archived && (found === null || found.includes(row.id)))
      .sort((a, b) => b.updatedAt - a.updatedAt),
  );

  async function lookUp() {
    if (search.trim() === '' && !archived) {
      found = null;
      return;
    }
    searching = true;
    const wanted = search.trim();
    const answer = await fetch(
      `/api/conversations?limit=100&archived=${archived}&search=${encodeURIComponent(wanted)}`,
    ).catch(() => null);
    searching = false;
    // A slower answer to an older question must not replace a newer one.
    if (wanted !== search.trim()) return;
    if (!answer?.ok) {
      notifyProblem({ message: 'The conversations could not be searched.', hint: 'Try again in a moment.' });
      return;
    }
    const { conversations } = (await answer.json()) as { conversations: ConversationSummary[] };
    for (const row of conversations) rows.set(row.id, row);
    found = conversations.map(({ id }) => id);
  }

  function ask(id: string, change: Change): Promise<Posted> {
    return postJson(`/creator/${id}/manage`, change);
  }

  return {
    /** What is on the screen, the newest first. */
    get shown() {
      return shown;
    },
    /** One conversation, on the screen or not. */
    row: (id: string) => rows.get(id),
    get searching() {
      return searching;
    },
    get search() {
      return search;
    },
    set search(text: string) {
      search = text;
      clearTimeout(timer);
      timer = setTimeout(lookUp, SEARCH_AFTER_MS);
    },
    get archived() {
      return archived;
    },
    set archived(next: boolean) {
      archived = next;
      found = [];
      void lookUp();
    },
    /** Rows as the server has them now. A row that is newer here stays: its answer is on the way. */
    applyAll(changed: readonly ConversationSummary[]) {
      untrack(() => {
        for (const row of changed) {
          if (row.removed) {
            rows.delete(row.id);
            continue;
          }
          const before = rows.get(row.id);
          if (!removed.has(row.id) && (!before || before.updatedAt <= row.updatedAt)) rows.set(row.id, row);
        }
      });
    },
    async rename(row: ConversationSummary, title: string) {
      rows.set(row.id, { ...row, title });
      const answer = await ask(row.id, { change: 'rename', title });
      if (answer.ok) return;
      rows.set(row.id, row);
      notifyProblem(answer.problem);
    },
    async setArchived(row: ConversationSummary, next: boolean) {
      const answer = await ask(row.id, { change: next ? 'archive' : 'unarchive' });
      if (!answer.ok) return notifyProblem(answer.problem);
      rows.set(row.id, { ...row, archived: next });
      if (found && next === archived) found = [...found, row.id];
      notify(next ? 'Archived. It is under Archived in the list.' : 'It is back in the list.');
    },
    /** Hides it at once and offers to take that back. True when it is gone. */
    async remove(row: ConversationSummary): Promise<boolean> {
      const answer = await ask(row.id, { change: 'remove' });
      if (!answer.ok) {
        notifyProblem(answer.problem);
        return false;
      }
      removed.add(row.id);
      rows.delete(row.id);
      notify(`“${row.title}” is deleted.`, { action: { label: 'Undo', run: () => void restore(row) } });
      return true;
    },
  };

  async function restore(row: ConversationSummary) {
    const answer = await ask(row.id, { change: 'restore' });
    if (!answer.ok) return notifyProblem(answer.problem);
    removed.delete(row.id);
    rows.set(row.id, row);
  }
}
