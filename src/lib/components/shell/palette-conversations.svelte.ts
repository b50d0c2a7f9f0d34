import type { ConversationSummary } from '$lib/contracts/socket-events';

const SHOWN = 30;
const SEARCH_AFTER_MS = 150;

interface FoundConversation {
  id: string;
  title: string;
  /** What the server was asked: it may stand in the text and not in the title. */
  asked: string;
}

/** The newest conversations, or those that hold what is looked for; none where the server cannot be reached. */
export function createPaletteConversations() {
  let found = $state.raw<readonly FoundConversation[]>([]);
  let searching = $state(false);
  let wanted: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(asked: string) {
    const answer = await fetch(
      `/api/conversations?limit=${SHOWN}&search=${encodeURIComponent(asked.slice(0, 200))}`,
    ).catch(() => null);
    const conversations: ConversationSummary[] = answer?.ok ? (await answer.json()).conversations : [];
    // A slower answer to an older question must not replace a newer one.
    if (asked !== wanted) return;
    found = conversations.map(({ id, title }) => ({ id, title, asked }));
    searching = false;
  }

  return {
    get found() {
      return found;
    },
    has(id: string) {
      return found.some((conversation) => conversation.id === id);
    },
    get searching() {
      return searching;
    },
    lookFor(text: string) {
      const asked = text.trim();
      if (asked === wanted) return;
      const isFirst = wanted === null;
      wanted = asked;
      searching = true;
      clearTimeout(timer);
      timer = setTimeout(() => void load(asked), isFirst ? 0 : SEARCH_AFTER_MS);
    },
  };
}
