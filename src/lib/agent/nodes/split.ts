import { splitAnswerSchema, type SplitAnswer } from '../../contracts/model-answer.ts';
import type { StoryContent, StoryDraft } from '../../contracts/story.ts';
import { readConversation, type Conversation } from '../conversation.ts';
import { childPosition } from '../draft-order.ts';
import { askForJson } from '../model/ask-for-json.ts';
import { systemPrompt } from '../model/ask-model.ts';
import { NoUsableAnswer } from '../model/no-usable-answer.ts';
import type { DraftProposal, RunContext } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import { draftsBlock, targetBlock, writingBlocks } from '../prompts/blocks.ts';
import { composePrompt } from '../prompts/compose-prompt.ts';
import { isTooBig } from '../rules/index.ts';
import { proposalOf, saveProposals } from '../save-drafts.ts';
import { say } from '../say.ts';
import { conservationFaults, conserve } from '../split-conservation.ts';
import type { State, Update } from '../state.ts';
import { labelsFromAnswer } from '../story-content.ts';
import { draftsInWork, isSetAside, subjectOf } from './validate.ts';

/**
 * Splits each story that has more points than it may. Every criterion of the parent lands in exactly one child with
 * its id and source; the parent is marked split once its children are saved. A story that cannot be split stays as it
 * is, its violation shown.
 */
export async function split(state: State, context: RunContext): Promise<Update> {
  const conversation = await readConversation(context, state);
  const drafts = await draftsInWork(state, context);
  const inWork: string[] = [];
  for (const draft of drafts) {
    const children =
      isTooBig(subjectOf(draft, context)) && !isSetAside(draft, 'story_points')
        ? await splitOne(context, conversation, draft)
        : [];
    inWork.push(...(children.length > 0 ? children.map(({ id }) => id) : [draft.id]));
  }
  // Children are new texts, so they are mended as often as new stories are.
  return { draftIds: inWork, splitRounds: state.splitRounds + 1, repairRounds: 0 };
}

async function splitOne(
  context: RunContext,
  conversation: Conversation,
  parent: StoryDraft,
): Promise<StoryDraft[]> {
  // One criterion cannot be divided; inventing others would not make the work smaller.
  if (parent.content.acceptanceCriteria.length < 2) return [];
  const saved = conversation.drafts.filter(({ parentId }) => parentId === parent.id);
  if (saved.length > 0) {
    await context.drafts.markSplit(context.conversationId, context.runId, parent.id);
    return saved;
  }
  const answer = await inStep(
    context,
    'split',
    `Splitting “${parent.content.summary}”`,
    () => ask(context, conversation, parent),
    (children) => (children ? `Splitting into ${children.children.length}` : 'Not split'),
  );
  if (!answer) return [];
  const children = await saveProposals(context, childrenOf(context, parent, answer));
  await context.drafts.markSplit(context.conversationId, context.runId, parent.id);
  say(context, answer.message);
  return children;
}

async function ask(
  context: RunContext,
  conversation: Conversation,
  parent: StoryDraft,
): Promise<SplitAnswer | null> {
  const { settings } = context;
  try {
    const prompt = composePrompt({
      system: systemPrompt(settings, 'split'),
      settings,
      required: [...writingBlocks(settings), draftsBlock([parent.content]), targetBlock([1])],
      sources: [],
      focus: '',
      cited: [],
      optional: [],
      history: conversation,
    });
    const { value } = await askForJson(context, {
      type: 'split',
      prompt,
      schema: splitAnswerSchema,
      complaints: (candidate) => faultsOf(candidate, parent, settings.rules.maxStoryPoints),
    });
    return value.children.length < 2 ? null : value;
  } catch (error) {
    if (error instanceof NoUsableAnswer) return null;
    throw error;
  }
}

function faultsOf({ children }: SplitAnswer, parent: StoryDraft, maxPoints: number): string[] {
  const tooBig = children.flatMap(({ storyPoints, criteria }, index) => {
    if (criteria.length < 2 || storyPoints === null || storyPoints <= maxPoints) return [];
    return [
      `Child ${index + 1} has ${storyPoints} points; at most ${maxPoints} are allowed, so divide it further.`,
    ];
  });
  const criteria = children.map((child) => child.criteria);
  return [...conservationFaults(parent.content.acceptanceCriteria.length, criteria), ...tooBig];
}

function childrenOf(context: RunContext, parent: StoryDraft, answer: SplitAnswer): DraftProposal[] {
  const { acceptanceCriteria } = parent.content;
  const allotment = conserve(
    acceptanceCriteria.length,
    answer.children.map(({ criteria }) => criteria),
  );
  const pick = (numbers: number[]) => numbers.flatMap((number) => acceptanceCriteria[number - 1] ?? []);
  const contents = answer.children.flatMap((child, index): StoryContent[] => {
    const criteria = pick(allotment.children[index] ?? []);
    // All that it named went to children before it: a story without a criterion is no part of the parent.
    if (criteria.length === 0) return [];
    return [
      {
        ...parent.content,
        summary: child.summary.replace(/\s+/g, ' ').trim().slice(0, 1_000),
        description: child.description.trim().slice(0, 30_000) || parent.content.description,
        acceptanceCriteria: criteria,
        stlcNotes: child.stlcNotes.trim().slice(0, 10_000) || parent.content.stlcNotes,
        storyPoints: child.storyPoints,
        labels: labelsFromAnswer([...parent.content.labels, ...child.labels]),
      },
    ];
  });
  if (allotment.leftovers.length > 0) contents.push(leftoverChild(parent.content, pick(allotment.leftovers)));
  return contents.map((content, index) => ({
    ...proposalOf(context, content, { parentId: parent.id, position: childPosition(parent, index + 1) }),
    newDraftId: `${parent.id}-${index + 1}`,
  }));
}

/** What no child took stays in sight as a last child, not estimated, for the person to place. */
function leftoverChild(
  parent: StoryContent,
  acceptanceCriteria: StoryContent['acceptanceCriteria'],
): StoryContent {
  const summary = `${parent.summary} (${count(acceptanceCriteria.length, 'remaining criterion', 'remaining criteria')})`;
  return { ...parent, summary: summary.slice(0, 1_000), acceptanceCriteria, storyPoints: null };
}
