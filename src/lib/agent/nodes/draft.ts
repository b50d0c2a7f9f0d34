import { draftAnswerSchema } from '../../contracts/model-answer.ts';
import type { StoryContent } from '../../contracts/story.ts';
import { readConversation } from '../conversation.ts';
import { askForJson } from '../model/ask-for-json.ts';
import type { AnsweredQuestion, RunContext } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import { requirementPrompt } from '../prompts/requirement-prompt.ts';
import { saveNewStories } from '../save-drafts.ts';
import { say } from '../say.ts';
import { isDraftOf, type State, type Update } from '../state.ts';
import { storyFromAnswer } from '../story-content.ts';

/**
 * Writes the first stories of a requirement, streamed while they come, and saves them all or none. A repeated run
 * that finds its stories saved goes on with them. Throws `NoUsableAnswer` when nothing readable came.
 */
export async function draft(state: State, context: RunContext): Promise<Update> {
  const conversation = await readConversation(context, state);
  const saved = conversation.drafts.filter(({ id }) => isDraftOf(state, id));
  if (saved.length > 0) return { draftIds: saved.map(({ id }) => id) };

  const { value, cut } = await inStep(
    context,
    'draft',
    'Drafting stories',
    () =>
      askForJson(context, {
        type: 'draft',
        prompt: requirementPrompt('draft', state, context.settings, conversation),
        schema: draftAnswerSchema,
        channel: 'drafts',
      }),
    (answer) => `Drafted ${count(answer.value.stories.length, 'story', 'stories')}`,
  );
  const place = { settings: context.settings, citables: conversation.citables, newId: context.ids.next };
  const contents = value.stories.map((story) => storyFromAnswer(story, place));
  stateAssumptions(contents, conversation.answers);
  const drafts = await saveNewStories(context, state, contents);
  say(context, [value.message.trim(), cut ? CUT : ''].filter(Boolean).join('\n\n'));
  return { draftIds: drafts.map(({ id }) => id) };
}

const CUT =
  'The model’s answer broke off; the last story may lack its end. Check it, or ask me to complete it.';

/** A skipped question leaves a gap that somebody filled with a guess: the first story says so, whatever the model wrote. */
function stateAssumptions(contents: StoryContent[], answers: AnsweredQuestion[]): void {
  const [first] = contents;
  const skipped = answers.filter(({ answer }) => answer === null);
  if (!first || skipped.length === 0) return;
  const criteria = contents.flatMap(({ acceptanceCriteria }) => acceptanceCriteria);
  const unstated = skipped.filter(
    ({ question }) =>
      !criteria.some(({ source }) => source.kind === 'assumption' && source.quote.includes(question)),
  );
  if (unstated.length === 0) return;
  const lines = unstated.map(({ question }) => `- “${question}” was skipped; check what this story assumes.`);
  first.description = [first.description, '', '**Assumptions**', ...lines].join('\n').trim();
}
