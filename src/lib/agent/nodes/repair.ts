import { repairAnswerSchema } from '../../contracts/model-answer.ts';
import type { RuleResult, StoryContent, StoryDraft } from '../../contracts/story.ts';
import { citationOf } from '../citations.ts';
import { readConversation, type Conversation } from '../conversation.ts';
import { askForJson } from '../model/ask-for-json.ts';
import { systemPrompt } from '../model/ask-model.ts';
import { NoUsableAnswer } from '../model/no-usable-answer.ts';
import type { RunContext } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import { block, clarificationsBlocks, draftsBlock, targetBlock, writingBlocks } from '../prompts/blocks.ts';
import { composePrompt } from '../prompts/compose-prompt.ts';
import { saveRewrites, type Rewrite } from '../save-drafts.ts';
import { say } from '../say.ts';
import type { State, Update } from '../state.ts';
import { rewrittenStory } from '../story-content.ts';
import { draftsInWork, violationsToMend } from './validate.ts';

/** Asks the model to mend each story that breaks a rule. What it cannot mend stays as it is and is shown to the person. */
export async function repair(state: State, context: RunContext): Promise<Update> {
  const conversation = await readConversation(context, state);
  const broken = (await draftsInWork(state, context)).flatMap((draft) => {
    const violations = violationsToMend(draft, context);
    return violations.length === 0 ? [] : [{ draft, violations }];
  });
  await inStep(context, 'validate', `Mending ${count(broken.length, 'story', 'stories')}`, async () => {
    const rewrites: Rewrite[] = [];
    for (const { draft, violations } of broken) {
      const content = await mend(context, conversation, draft, violations);
      if (content) rewrites.push({ draftId: draft.id, content });
    }
    const { kept } = await saveRewrites(context, rewrites);
    if (kept.length > 0)
      say(
        context,
        `A rule asks for other words, but these are yours:\n${kept.map((line) => `- ${line}`).join('\n')}`,
      );
  });
  return { repairRounds: state.repairRounds + 1 };
}

async function mend(
  context: RunContext,
  conversation: Conversation,
  draft: StoryDraft,
  violations: RuleResult[],
): Promise<StoryContent | null> {
  const { settings } = context;
  try {
    const prompt = composePrompt({
      system: systemPrompt(settings, 'repair'),
      settings,
      required: [
        ...writingBlocks(settings),
        ...clarificationsBlocks(conversation),
        draftsBlock([draft.content]),
        targetBlock([1]),
        block(
          'violations',
          JSON.stringify(
            violations.map(({ ruleId, name, field, message }) => ({
              number: 1,
              ruleId,
              name,
              field,
              message,
            })),
          ),
        ),
      ],
      sources: conversation.sources,
      focus: draft.content.summary,
      cited: draft.content.acceptanceCriteria.map(citationOf),
      optional: [],
      history: conversation,
    });
    const { value, cut } = await askForJson(context, { type: 'repair', prompt, schema: repairAnswerSchema });
    // A story without its end would lose more than the rule is worth.
    if (cut) return null;
    const mended = rewrittenStory(value.story, draft.content, {
      settings,
      citables: conversation.citables,
      newId: context.ids.next,
    });
    return conserving(draft, mended);
  } catch (error) {
    if (error instanceof NoUsableAnswer) return null;
    throw error;
  }
}

/** A child keeps exactly its part of the parent's criteria, in the parent's words or better ones. */
function conserving({ parentId, content }: StoryDraft, mended: StoryContent): StoryContent {
  if (parentId === null) return mended;
  const acceptanceCriteria = content.acceptanceCriteria.map((criterion) => {
    const text = mended.acceptanceCriteria.find(({ id }) => id === criterion.id)?.text;
    return text === undefined ? criterion : { ...criterion, text };
  });
  return { ...mended, acceptanceCriteria };
}
