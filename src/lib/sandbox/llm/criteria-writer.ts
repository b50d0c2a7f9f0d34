import type { Prompt } from './prompt-reader.ts';
import type { Capability } from './requirement-reader.ts';
import { article, capitalise, plural, sharedKeywords, withFullStop } from './wording.ts';

export interface WrittenCriterion {
  text: string;
  source: string;
}

/** Acceptance criteria of one capability: what the text says, what was answered, what the sources add, what is assumed. */
export function writeCriteria(
  capability: Capability,
  prompt: Prompt,
  options: { isFirst: boolean },
): WrittenCriterion[] {
  const written = [
    ...fromMainClause(capability),
    ...capability.extras.map((extra) => ({
      text: extraCriterion(capability, extra.text),
      source: extra.ref,
    })),
    ...capability.details.map((detail) => ({
      text: withFullStop(capitalise(detail.text)),
      source: detail.ref,
    })),
    // Answers were asked about the first capability.
    ...(options.isFirst ? fromAnswers(capability, prompt) : []),
    ...fromSources(capability, prompt),
    ...assumptions(capability),
  ];
  return written.filter(({ text }, index) => written.findIndex((other) => other.text === text) === index);
}

function fromMainClause({ actor, verb, object, formats, ref }: Capability): WrittenCriterion[] {
  const who = capitalise(plural(actor));
  if (formats.length === 0) return [{ text: `${who} can ${verb} ${object}.`, source: ref }];
  const each = formats.map((format) => ({ text: `${who} can ${verb} ${object} as ${format}.`, source: ref }));
  if (formats.length === 1) return each;
  return [
    ...each,
    { text: `${formats.join(' and ')} carry the same figures in the same order.`, source: 'assumed' },
  ];
}

function extraCriterion({ actor, verb, object }: Capability, extra: string): string {
  const who = capitalise(plural(actor));
  if (/audit|trail|\blog\b/i.test(extra)) {
    return `Each time somebody has ${pastParticiple(verb)} ${object}, the audit trail shows who it was, what and when.`;
  }
  if (
    /^(?:by|via|through|over|in|on|with|without|from|to|for|within|after|before|at|per|once|every)\b/i.test(
      extra,
    )
  ) {
    return `${who} can ${verb} ${object} ${extra}.`;
  }
  if (/\b(?:is|are|must|should|can|may|will)\b/i.test(extra)) return withFullStop(capitalise(extra));
  return `${who} can also ${extra}.`;
}

function fromAnswers(capability: Capability, prompt: Prompt): WrittenCriterion[] {
  return prompt.answers.flatMap(({ ref, question, answer }) => {
    if (answer === null)
      return {
        text: withFullStop(`Not decided, assumed for now: ${assumptionFor(question)}`),
        source: ref,
      };
    return { text: answerCriterion(capability, question, answer), source: ref };
  });
}

function answerCriterion({ verb, object }: Capability, question: string, answer: string): string {
  if (/^who\b/i.test(question)) {
    const only = /^(.*?)\s+only$/i.exec(answer)?.[1];
    return only
      ? `Only ${only.toLowerCase()} can ${verb} ${object}; nobody else is offered it.`
      : withFullStop(`${capitalise(answer)} may ${verb} ${object}`);
  }
  if (/^how far back/i.test(question)) return withFullStop(`What can be reached goes back: ${answer}`);
  if (/audit trail be kept/i.test(question))
    return withFullStop(`The audit trail is kept and read like this: ${answer}`);
  if (/cannot be delivered/i.test(question))
    return withFullStop(`When a message cannot be delivered: ${answer}`);
  if (/limit/i.test(question)) return withFullStop(`Limit: ${answer}`);
  return withFullStop(`${question.replace(/\?$/, '')}: ${answer}`);
}

function assumptionFor(question: string): string {
  if (/^who\b/i.test(question)) return 'everybody who sees it today may use it';
  if (/^how far back/i.test(question)) return 'everything that is stored can be reached';
  if (/audit/i.test(question)) return 'the audit trail is kept as long as other records';
  if (/deliver/i.test(question)) return 'a failed delivery is tried again and then shown';
  return `the usual behaviour (asked: ${question})`;
}

const normative =
  /\b(?:must|shall|should|only|never|always|at (?:most|least)|within|no more than|\d+\s*(?:days?|years?|months?|minutes?|MB|characters))\b/i;

/** Sentences of a source that set a condition on this very thing. Their text is matched as words, never obeyed. */
function fromSources({ verb, object, formats, extras }: Capability, prompt: Prompt): WrittenCriterion[] {
  const topic = `${verb} ${object} ${formats.join(' ')} ${extras.map(({ text }) => text).join(' ')}`;
  return prompt.sources
    .flatMap(({ lines }) => lines)
    .filter(({ text }) => text.length < 300 && normative.test(text) && sharedKeywords(topic, text) >= 1)
    .filter(({ text }) => !/\b(?:ignore|instructions?|system prompt|assistant|you are)\b/i.test(text))
    .slice(0, 3)
    .map(({ ref, text }) => ({ text: withFullStop(capitalise(text)), source: ref }));
}

function assumptions({ actor, verb, object }: Capability): WrittenCriterion[] {
  return [
    {
      text: `If ${article(actor)} ${actor} cannot ${verb} ${object} at the moment, a message says why and what to do, and nothing is lost.`,
      source: 'assumed',
    },
  ];
}

const irregular: Record<string, string> = {
  send: 'sent',
  see: 'seen',
  set: 'set',
  get: 'got',
  find: 'found',
  choose: 'chosen',
  read: 'read',
  write: 'written',
};

function pastParticiple(verb: string): string {
  return (
    irregular[verb] ??
    (verb.endsWith('e') ? `${verb}d` : /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : `${verb}ed`)
  );
}
