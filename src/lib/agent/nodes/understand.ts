import type { StoryDraft } from '../../contracts/story.ts';
import { understandAnswerSchema, type UnderstandAnswer } from '../../contracts/model-answer.ts';
import { messageById, readConversation, type Conversation } from '../conversation.ts';
import { askForJson } from '../model/ask-for-json.ts';
import { systemPrompt } from '../model/ask-model.ts';
import { NoUsableAnswer } from '../model/no-usable-answer.ts';
import type { RunContext, RunInput } from '../ports.ts';
import { inStep } from '../progress.ts';
import { draftsBlock, instructionBlock } from '../prompts/blocks.ts';
import { composePrompt } from '../prompts/compose-prompt.ts';
import { nameConversation } from '../name-conversation.ts';
import { say } from '../say.ts';
import { isDraftOf, type State, type Update } from '../state.ts';

type Message = Extract<RunInput, { kind: 'message' }>;

/**
 * What a message asks for. While there are no stories it is the requirement (or more of it), without asking the
 * model, so that the first token comes as soon as can be; unless it reads as a question, which may be about the
 * backlog. Named drafts make it an instruction.
 */
export async function understand(state: State, context: RunContext, input: Message): Promise<Update> {
  if (await answersQuestions(state, context, input)) return { intent: 'requirement', clarified: true };
  const list = await context.drafts.list(context.conversationId);
  // A run that is repeated after a crash may find its own drafts: they do not make its message a later one.
  const others = list.filter(({ id }) => !isDraftOf(state, id));
  const started = [...state.requirementIds.filter((id) => id !== input.messageId), input.messageId];
  if (others.length === 0 && !readsAsQuestion(input.text)) return requirement(started);
  if (input.draftIds.length > 0) return { intent: 'instruction', targetIds: input.draftIds };

  const conversation = await readConversation(context, state);
  const { intent, drafts, title } = await inStep(context, 'understand', 'Reading your message', () =>
    classify(context, conversation, input),
  );
  // There is nothing yet that could be changed or approved.
  if (others.length === 0 && intent !== 'question') return requirement(started);
  if (others.length === 0) {
    nameConversation(context, title);
    return { intent, targetIds: [] };
  }
  if (intent === 'requirement') return requirement([input.messageId]);
  const targets = drafts.flatMap((number) => conversation.drafts[number - 1] ?? []);
  if (intent === 'approval') say(context, pointAtButton(conversation.drafts, targets));
  return { intent, targetIds: targets.map(({ id }) => id) };
}

const LONGEST_QUESTION = 300;

/** Short, of one paragraph, and with the question mark of any script at its end. */
function readsAsQuestion(text: string): boolean {
  const said = text.trim();
  return said.length <= LONGEST_QUESTION && !said.includes('\n') && /[?\uff1f\u061f\u037e]$/.test(said);
}

async function classify(
  context: RunContext,
  conversation: Conversation,
  input: Message,
): Promise<UnderstandAnswer> {
  const prompt = composePrompt({
    system: systemPrompt(context.settings, 'understand'),
    settings: context.settings,
    required: [
      draftsBlock(conversation.drafts.map(({ content }) => content)),
      instructionBlock(messageById(conversation, input.messageId), input.text),
    ],
    sources: [],
    focus: '',
    cited: [],
    optional: [],
    history: {
      ...conversation,
      turns: conversation.turns.filter(({ messageId }) => messageId !== input.messageId),
    },
  });
  try {
    return (await askForJson(context, { type: 'understand', prompt, schema: understandAnswerSchema })).value;
  } catch (error) {
    // Unclear: a message among drafts is most often about them, and drafts keep every version.
    if (error instanceof NoUsableAnswer) return { intent: 'instruction', drafts: [] };
    throw error;
  }
}

/** A message that answered questions, and whose run broke off after it had been taken up. */
async function answersQuestions(
  { requirementIds }: State,
  { transcript, conversationId }: RunContext,
  { messageId, text }: Message,
): Promise<boolean> {
  if (!requirementIds.includes(messageId)) return false;
  return (await transcript.answers(conversationId)).some(({ answer }) => answer === text);
}

function requirement(requirementIds: string[]): Update {
  return { intent: 'requirement', requirementIds, targetIds: [] };
}

function pointAtButton(open: StoryDraft[], meant: StoryDraft[]): string {
  if (open.length === 0) return 'There is no open story to approve. Tell me what is needed, and I draft it.';
  const stories =
    meant.length === 0
      ? 'the stories that you want in Jira'
      : meant.map(({ content }) => `“${content.summary}”`).join(', ');
  return `Nothing is created by a message. Look at what will be posted, then press Approve on ${stories}.`;
}
