import { refineAnswerSchema, type StoryAnswer } from '../../contracts/model-answer.ts';
import type { StoryDraft } from '../../contracts/story.ts';
import { citationOf } from '../citations.ts';
import { messageById, readConversation, type Conversation } from '../conversation.ts';
import { rootPosition } from '../draft-order.ts';
import { askForJson } from '../model/ask-for-json.ts';
import { systemPrompt } from '../model/ask-model.ts';
import type { RunContext, RunInput } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import {
  block,
  clarificationsBlocks,
  draftsBlock,
  requirementBlock,
  targetBlock,
  writingBlocks,
} from '../prompts/blocks.ts';
import { composePrompt } from '../prompts/compose-prompt.ts';
import { proposalOf, saveProposals, saveRewrites } from '../save-drafts.ts';
import { say } from '../say.ts';
import { newDraftId, type State, type Update } from '../state.ts';
import { rewrittenStory, storyFromAnswer } from '../story-content.ts';

type Message = Extract<RunInput, { kind: 'message' }>;

/**
 * Rewrites the stories that an instruction is about. The person's own edits survive, made before or while the model
 * wrote; where they stood against the instruction, the message says so.
 */
export async function refine(state: State, context: RunContext, input: Message): Promise<Update> {
  const conversation = await readConversation(context, state);
  const targets = targetsOf(conversation.drafts, state.targetIds);
  if (targets.length === 0) {
    say(context, 'There is no open story left to change. Tell me what is needed, and I draft it.');
    return { draftIds: [] };
  }
  const { value } = await inStep(
    context,
    'draft',
    `Rewriting ${count(targets.length, 'story', 'stories')}`,
    () =>
      askForJson(context, {
        type: 'refine',
        prompt: refinePrompt(context, conversation, targets, input),
        schema: refineAnswerSchema,
        channel: 'drafts',
      }),
  );
  const place = { settings: context.settings, citables: conversation.citables, newId: context.ids.next };
  const rewrites = new Map<string, { draftId: string; content: ReturnType<typeof rewrittenStory> }>();
  const added: StoryAnswer[] = [];
  for (const { number, ...story } of value.stories) {
    const draft = number === undefined ? undefined : conversation.drafts[number - 1];
    if (!draft) added.push(story);
    else if (targets.includes(draft))
      rewrites.set(draft.id, { draftId: draft.id, content: rewrittenStory(story, draft.content, place) });
  }
  const { saved, kept } = await saveRewrites(context, [...rewrites.values()]);
  const everyDraft = await context.drafts.list(context.conversationId);
  const fresh = await saveProposals(
    context,
    added.map((story, index) => ({
      ...proposalOf(context, storyFromAnswer(story, place), {
        parentId: null,
        position: rootPosition(everyDraft, index + 1),
      }),
      newDraftId: newDraftId(state, index + 1),
    })),
  );
  say(context, refinedMessage(value.message, saved.length + fresh.length, kept));
  return { draftIds: [...saved, ...fresh].map(({ id }) => id) };
}

function targetsOf(drafts: StoryDraft[], targetIds: string[]): StoryDraft[] {
  const named = drafts.filter(({ id }) => targetIds.includes(id));
  return named.length > 0 ? named : drafts;
}

function refinePrompt(
  { settings }: RunContext,
  conversation: Conversation,
  targets: StoryDraft[],
  input: Message,
): string {
  const { drafts, messages } = conversation;
  const numbers = targets.map((target) => drafts.indexOf(target) + 1);
  const instruction = messageById(conversation, input.messageId);
  const cited = targets.flatMap(({ content }) => content.acceptanceCriteria.map(citationOf));
  // Sentences that criteria cite stay in sight, and the instruction's own can be cited too.
  const citedMessages = messages.filter(({ number }) => cited.some((ref) => ref.startsWith(`M${number}.`)));
  const numbered = [
    ...citedMessages.filter((message) => message !== instruction),
    ...(instruction ? [instruction] : []),
  ];
  return composePrompt({
    system: systemPrompt(settings, 'refine'),
    settings,
    required: [
      ...writingBlocks(settings),
      ...numbered.map(requirementBlock),
      ...clarificationsBlocks(conversation),
      draftsBlock(drafts.map(({ content }) => content)),
      targetBlock(numbers),
      block('instruction', input.text),
    ],
    sources: conversation.sources,
    focus: [input.text, ...targets.map(({ content }) => content.summary)].join('\n'),
    cited,
    optional: [],
    history: { ...conversation, turns: conversation.turns.filter((turn) => !numbered.includes(turn)) },
  });
}

function refinedMessage(message: string, changed: number, kept: string[]): string {
  const said =
    message.trim() ||
    (changed === 0 ? 'Nothing had to change.' : `I rewrote ${count(changed, 'story', 'stories')}.`);
  if (kept.length === 0) return said;
  return `${said}\n\nYour own edits were kept where the new text said otherwise:\n${kept.map((line) => `- ${line}`).join('\n')}`;
}
