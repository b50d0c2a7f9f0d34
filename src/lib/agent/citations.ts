import type { Criterion, CriterionSource } from '../contracts/story.ts';
import type { AnsweredQuestion, Source, TranscriptMessage } from './ports.ts';

/**
 * The one numbering of what was said and read. Prompts show these lines to the model, and what the model cites is
 * looked up in the same lines, so a citation can never point at a text that the model did not see.
 */
export interface NumberedLine {
  /** `M2.1`, `S1.4`, `A3`. */
  ref: string;
  text: string;
}

/** The sentences of a person's message, `M<number>.1` onwards. An assistant's message has none. */
export function numberSentences(message: TranscriptMessage): NumberedLine[] {
  if (message.number === null) return [];
  return splitSentences(message.text).map((text, index) => ({
    ref: `M${message.number}.${index + 1}`,
    text,
  }));
}

/** The paragraphs of a source, `S<n>.1` onwards. Line breaks inside a paragraph become spaces. */
export function numberParagraphs(source: Source): NumberedLine[] {
  return source.paragraphs.map((text, index) => ({ ref: `${source.ref}.${index + 1}`, text: oneLine(text) }));
}

/** Every reference that can be cited, with the source that it stands for. */
export type Citables = ReadonlyMap<string, CriterionSource>;

export function collectCitables(said: {
  messages: TranscriptMessage[];
  answers: AnsweredQuestion[];
  sources: Source[];
}): Citables {
  const citables = new Map<string, CriterionSource>();
  for (const message of said.messages) {
    for (const { ref, text } of numberSentences(message))
      citables.set(ref, { kind: 'message', ref, quote: text });
  }
  for (const source of said.sources) {
    const page = { title: source.title, ...(source.url === null ? {} : { url: source.url }) };
    for (const { ref, text } of numberParagraphs(source))
      citables.set(ref, { kind: 'page', ref, quote: text, ...page });
  }
  for (const { id, question, answer } of said.answers) {
    citables.set(
      id,
      answer === null
        ? { kind: 'assumption', quote: `“${question}” was skipped.` }
        : { kind: 'answer', ref: id, quote: `${question} ${answer}` },
    );
  }
  return citables;
}

/**
 * What a reference in the model's answer stands for. Forgives brackets, case and several references at once (the
 * first that resolves counts); whatever cannot be resolved is an assumption.
 */
export function resolveCitation(ref: string, citables: Citables): CriterionSource {
  for (const candidate of ref.toUpperCase().match(/[MSA]\d+(\.\d+)?/g) ?? []) {
    const source = citables.get(candidate) ?? citables.get(`${candidate}.1`);
    if (source) return source;
  }
  return { kind: 'assumption', quote: 'Nobody said this so far.' };
}

/** The reference that a criterion shows the model, so that it can hand the source on. */
export function citationOf({ source }: Criterion): string {
  return 'ref' in source ? source.ref : 'assumed';
}

function splitSentences(text: string): string[] {
  return text
    .split(/\n+/)
    .flatMap((line) => line.split(/(?<=[.!?…]["'”’)\]]?)\s+(?=[\p{Lu}\p{N}"'“‘([*-])/u))
    .map(oneLine)
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
