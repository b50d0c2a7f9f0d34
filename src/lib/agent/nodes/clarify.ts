import type { ClarifyQuestion } from '../../contracts/clarification.ts';
import { clarifyAnswersSchema } from '../../contracts/model-answer.ts';
import { readConversation, type Conversation } from '../conversation.ts';
import { askForJson } from '../model/ask-for-json.ts';
import { NoUsableAnswer } from '../model/no-usable-answer.ts';
import { nameConversation } from '../name-conversation.ts';
import type { RunContext, RunInput } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import { requirementPrompt } from '../prompts/requirement-prompt.ts';
import { say } from '../say.ts';
import { isDraftOf, type State, type Update } from '../state.ts';

const MAX_QUESTIONS = 3;
const MAX_SUGGESTIONS = 5;

/**
 * Asks what must be known: at most three questions, each with why it matters, none that was asked before, and none at
 * all where the model has none worth asking. Names the conversation when the model suggests a title.
 */
export async function clarify(state: State, context: RunContext): Promise<Update> {
  const conversation = await readConversation(context, state);
  // A repeated run that has drafted already does not ask any more.
  if (conversation.drafts.some(({ id }) => isDraftOf(state, id))) return { questions: [] };

  const answer = await inStep(
    context,
    'clarify',
    'Asking what I must know',
    () => ask(state, context, conversation),
    ({ questions }) =>
      questions.length === 0 ? 'Nothing left to ask' : `Asking ${count(questions.length, 'question')}`,
  );
  nameConversation(context, answer.title);
  const asked = Math.max(state.asked, ...conversation.answers.map(({ id }) => Number(id.slice(1)) || 0));
  const questions = answer.questions.map((question, index) => ({ id: `A${asked + index + 1}`, ...question }));
  if (questions.length === 0) return { questions: [] };
  say(context, answer.message);
  return { questions, asked: asked + questions.length, interruptId: context.ids.next() };
}

/** What an answer to open questions leaves in the state. A message that answers them says more of the requirement. */
export function takeAnswers(state: State, input: RunInput): Update {
  if (input.kind !== 'message') return { clarified: true };
  return { clarified: true, requirementIds: [...state.requirementIds, input.messageId] };
}

async function ask(state: State, context: RunContext, conversation: Conversation) {
  try {
    const prompt = requirementPrompt('clarify', state, context.settings, conversation);
    const { value } = await askForJson(context, {
      type: 'clarify',
      prompt,
      schema: clarifyAnswersSchema,
      complaints: ({ questions }) => withoutReason(questions),
    });
    return { ...value, questions: worthAsking(value.questions, conversation) };
  } catch (error) {
    // Questions help, but a story can be drafted without them; what is wrong shows again, and is told, at the draft.
    if (error instanceof NoUsableAnswer) return { message: '', title: undefined, questions: [] };
    throw error;
  }
}

/** A person weighs a question by what its answer would change: without that it is not asked. */
function withoutReason(questions: readonly Omit<ClarifyQuestion, 'id'>[]): string[] {
  return questions.flatMap(({ why }, index) =>
    why.trim() === ''
      ? [`Question ${index + 1} has no "why": say what its answer would change, or leave it out.`]
      : [],
  );
}

function worthAsking(
  questions: Omit<ClarifyQuestion, 'id'>[],
  conversation: Conversation,
): Omit<ClarifyQuestion, 'id'>[] {
  const known = new Set(conversation.answers.map(({ question }) => normal(question)));
  return questions
    .filter(({ why }) => why.trim() !== '')
    .filter(({ question }) => {
      const isNew = !known.has(normal(question));
      known.add(normal(question));
      return isNew;
    })
    .slice(0, MAX_QUESTIONS)
    .map(({ question, why, suggestions }) => ({
      question: question.trim(),
      why: why.trim(),
      suggestions: [...new Set(suggestions.map((text) => text.trim()))]
        .filter(Boolean)
        .slice(0, MAX_SUGGESTIONS),
    }));
}

function normal(question: string): string {
  return question
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
