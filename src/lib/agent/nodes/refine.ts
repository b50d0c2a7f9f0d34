import { refineAnswerSchema } from '../../contracts/model-answer.ts';
import type { StoryContent, StoryDraft } from '../../contracts/story.ts';
import { citationOf } from '../citations.ts';
import { messageById, readConversation, type Conversation } from '../conversation.ts';
import { askForJson } from '../model/ask-for-json.ts';
import { systemPrompt } from '../model/ask-model.ts';
import type { RunContext, RunInput } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import {
  instructionBlock,
  clarificationsBlocks,
  draftsBlock,
  requirementBlock,
  targetBlock,
  writingBlocks,
} from '../prompts/blocks.ts';
import { composePrompt } from '../prompts/compose-prompt.ts';
import { saveNewStories, saveRewrites, type Rewrite } from '../save-drafts.ts';
import { say } from '../say.ts';
import { type State, type Update } from '../state.ts';
import { rewrittenStory, storyFromAnswer } from '../story-content.ts';

type Message = Extract<RunInput, { kind: 'message' }>;

/**
 * Rewrites the stories that an instruction is about. The person's own edits survive, made before or while the model
 * wrote; where they stood against the instruction, the message says so.
 */
export async function refine(state: State, context: RunContext, input: Message): Promise<Update> {
  const conversation = await readConversation(context, state);
  const named = conversation.drafts.filter(({ id }) => state.targetIds.includes(id));
  const changeable = state.targetIds.length > 0 ? named : conversation.drafts;
  if (changeable.length === 0) {
    say(context, 'There is no open story left to change here. Tell me what is needed, and I draft it.');
    return { draftIds: [] };
  }
  const { value, cut, lastIsCut } = await inStep(context, 'draft', rewriting(named.length), () =>
    askForJson(context, {
      type: 'refine',
      prompt: refinePrompt(context, conversation, { named, changeable }, input),
      schema: refineAnswerSchema,
      channel: 'drafts',
    }),
  );
  const place = { settings: context.settings, citables: conversation.citables, newId: context.ids.next };
  const rewrites = new Map<string, Rewrite>();
  const added: StoryContent[] = [];
  for (const [index, story] of value.stories.entries()) {
    if (story.number === null) {
      added.push(storyFromAnswer(story, place));
      continue;
    }
    const draft = conversation.drafts[story.number - 1];
    // What is not whole would take away what the draft still has.
    if (lastIsCut && index === value.stories.length - 1) continue;
    if (draft && changeable.includes(draft))
      rewrites.set(draft.id, { draftId: draft.id, content: rewrittenStory(story, draft.content, place) });
  }
  const { saved, kept } = await saveRewrites(context, [...rewrites.values()]);
  const fresh = await saveNewStories(context, state, added);
  const told = refinedMessage(value.message, saved.length + fresh.length, kept);
  say(context, cut ? `${told}\n\n${CUT}` : told);
  return { draftIds: [...saved, ...fresh].map(({ id }) => id) };
}

const CUT =
  'The model’s answer broke off. A story that it had not finished rewriting stays as it was; ask again for that one.';

function rewriting(named: number): string {
  return named === 0 ? 'Rewriting what you asked for' : `Rewriting ${count(named, 'story', 'stories')}`;
}

function refinePrompt(
  { settings }: RunContext,
  conversation: Conversation,
  /** Stories that the person named (none: the model finds out which), and those that may change. */
  { named, changeable }: { named: StoryDraft[]; changeable: StoryDraft[] },
  input: Message,
): string {
  const { drafts, messages } = conversation;
  const instruction = messageById(conversation, input.messageId);
  const cited = changeable.flatMap(({ content }) => content.acceptanceCriteria.map(citationOf));
  // Sentences that criteria cite stay in sight; the instruction carries its own.
  const numbered = messages.filter(
    (message) => message !== instruction && cited.some((ref) => ref.startsWith(`M${message.number}.`)),
  );
  return composePrompt({
    system: systemPrompt(settings, 'refine'),
    settings,
    required: [
      ...writingBlocks(settings),
      ...numbered.map(requirementBlock),
      ...clarificationsBlocks(conversation),
      draftsBlock(drafts.map(({ content }) => content)),
      targetBlock(named.map((draft) => drafts.indexOf(draft) + 1)),
      instructionBlock(instruction, input.text),
    ],
    sources: conversation.sources,
    focus: [input.text, ...changeable.map(({ content }) => content.summary)].join('\n'),
    cited,
    optional: [],
    history: {
      ...conversation,
      turns: conversation.turns.filter((turn) => turn !== instruction && !numbered.includes(turn)),
    },
  });
}

function refinedMessage(message: string, changed: number, kept: string[]): string {
  const said =
    message.trim() ||
    (changed === 0 ? 'Nothing had to change.' : `I rewrote ${count(changed, 'story', 'stories')}.`);
  if (kept.length === 0) return said;
  return `${said}\n\nYour own edits were kept where the new text said otherwise:\n${kept.map((line) => `- ${line}`).join('\n')}\n\nThe story shows both, for you to choose.`;
}
