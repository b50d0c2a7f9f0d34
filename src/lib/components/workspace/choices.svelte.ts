import type { CustomPrompt, StoryFormat } from '$lib/contracts/config/template-files';
import { notify, notifyProblem } from '$lib/components/ui/toasts.svelte';
import type { MenuChoice } from '../chat/menu-query.ts';
import { postJson } from './post-json.ts';

export interface WritingChoices {
  formats: StoryFormat[];
  prompts: CustomPrompt[];
  formatId: string;
  promptId: string | null;
}

interface Deps {
  conversationId: string;
  initial: WritingChoices;
}

export type Choices = ReturnType<typeof createChoices>;

/** In which format and with which prompt the stories of this conversation are written from now on. */
export function createChoices({ conversationId, initial }: Deps) {
  const { formats, prompts } = initial;
  // What was deleted since shows as what holds in its place: the first format, no prompt.
  const format = formats.find(({ id }) => id === initial.formatId) ?? formats[0];
  let formatId = $state(format?.id ?? initial.formatId);
  let promptId = $state(prompts.find(({ id }) => id === initial.promptId)?.id ?? null);

  async function choose(change: { formatId: string } | { promptId: string | null }) {
    const before = { formatId, promptId };
    ({ formatId, promptId } = { ...before, ...change });
    const answer = await postJson(`/creator/${conversationId}/choices`, change);
    if (answer.ok) return;
    ({ formatId, promptId } = before);
    notifyProblem(answer.problem);
  }

  const chooseFormat = (id: string) => void choose({ formatId: id });
  const choosePrompt = (id: string | null) => void choose({ promptId: id });
  const said = (what: string) => notify(`${what} holds from the next draft on.`, { tone: 'info' });

  return {
    formats,
    prompts,
    chooseFormat,
    choosePrompt,
    get formatId() {
      return formatId;
    },
    get promptId() {
      return promptId;
    },
    get formatName() {
      return formats.find(({ id }) => id === formatId)?.name ?? formatId;
    },
    get promptName() {
      return prompts.find(({ id }) => id === promptId)?.name ?? 'none';
    },
    /** The same choices for the menu that `/` opens. */
    get menuChoices(): MenuChoice[] {
      return [
        ...formats.map(({ id, name }) => ({
          id: `format-${id}`,
          group: 'Format',
          label: name,
          chosen: id === formatId,
          run: () => {
            chooseFormat(id);
            said(`The format ${name}`);
          },
        })),
        ...[{ id: null, name: 'No prompt' }, ...prompts].map(({ id, name }) => ({
          id: `prompt-${id}`,
          group: 'Prompt',
          label: name,
          chosen: id === promptId,
          run: () => {
            choosePrompt(id);
            said(id === null ? 'No prompt' : `The prompt ${name}`);
          },
        })),
      ];
    },
  };
}
