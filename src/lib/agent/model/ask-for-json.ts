import type { z } from 'zod';
import { renderBlock } from '../../contracts/prompt-format.ts';
import type { TokenChannel } from '../../contracts/run-event.ts';
import type { PromptMessage, RunContext } from '../ports.ts';
import { askModel, type Question } from './ask-model.ts';
import { NoUsableAnswer } from './no-usable-answer.ts';
import { readAnswer } from './read-answer.ts';

/** How often the model is asked to answer again in the form that was asked for. */
const MAX_REPAIRS = 2;
/** Enough of a wrong answer to mend it, and to show it to a person. */
const SHOWN_TO_MODEL = 6_000;
const SHOWN_TO_PERSON = 600;

export interface JsonQuestion<T> {
  type: Question['type'];
  prompt: string;
  schema: z.ZodType<T>;
  /** Shows each try as a stream of its own. */
  channel?: TokenChannel;
  /** What is wrong with a readable answer, as sentences for the model; it is asked again up to twice. */
  complaints?: (value: T) => string[];
}

export interface JsonAnswer<T> {
  value: T;
  /** The answer broke off, as the model says or as can be seen; `value` is what could be read of it. */
  cut: boolean;
  /** The last thing in the answer's list broke off too: what is read of it is not all of it. */
  lastIsCut: boolean;
}

/**
 * Asks until the answer reads as `schema`, at most three calls in all. An answer with complaints left is returned as
 * it is: the caller mends it visibly. Throws `NoUsableAnswer` when nothing readable came.
 */
export async function askForJson<T>(context: RunContext, question: JsonQuestion<T>): Promise<JsonAnswer<T>> {
  const first: PromptMessage = { role: 'user', content: question.prompt };
  let messages: PromptMessage[] = [first];
  let best: JsonAnswer<T> | null = null;
  let lastText = '';
  for (let attempt = 0; attempt <= MAX_REPAIRS; attempt += 1) {
    const stream = question.channel && { id: context.ids.next(), channel: question.channel };
    const { text, cut } = await askModel(context, {
      type: question.type,
      messages,
      ...(stream ? { stream } : {}),
    });
    lastText = text;
    const read = readAnswer(text, question.schema);
    const complaints = read.ok ? (question.complaints?.(read.value) ?? []) : [read.reason];
    if (read.ok) best = answerOf(read, cut);
    if (best && complaints.length === 0) return best;
    messages = [
      first,
      { role: 'assistant', content: text.slice(0, SHOWN_TO_MODEL) || '(empty)' },
      { role: 'user', content: askAgain(complaints) },
    ];
  }
  if (best) return best;
  throw new NoUsableAnswer(unreadable(lastText));
}

/** An answer is an object that holds one list, or one thing: what is open beyond those is within the last thing. */
const LIST_DEPTH = 2;

function answerOf<T>({ value, unclosed }: { value: T; unclosed: number }, cut: boolean): JsonAnswer<T> {
  return { value, cut: cut || unclosed > 0, lastIsCut: unclosed > LIST_DEPTH };
}

function askAgain(complaints: string[]): string {
  const violations = renderBlock({ name: 'violations', attributes: {}, text: JSON.stringify(complaints) });
  return `${violations}\n\nThat answer cannot be used. Answer again with the JSON object alone, in the form asked for.`;
}

function unreadable(text: string): string {
  const advice = 'Nothing was changed. Send your message again, or say it in other words.';
  const shown = text.trim();
  if (!shown) return `The model answered with nothing at all. ${advice}`;
  const quote = shown.slice(0, SHOWN_TO_PERSON).replaceAll('\n', '\n> ');
  return `The model did not answer in a form that I can turn into stories. ${advice}\n\nWhat came:\n\n> ${quote}${shown.length > SHOWN_TO_PERSON ? ' …' : ''}`;
}
