import type { Prompt } from './prompt-reader.ts';
import type { Capability } from './requirement-reader.ts';
import { keywords, plural, sharedKeywords } from './wording.ts';

export interface Question {
  question: string;
  why: string;
  suggestions: string[];
}

/** What is not said and would change the stories: at most two questions, none for a text that says it all. */
export function questionsFor(prompt: Prompt, capabilities: readonly Capability[]): Question[] {
  const said = prompt.requirement.map(({ text }) => text).join(' ');
  const main = capabilities[0];
  if (!main) return [];
  return bank
    .flatMap((ask) => ask({ said, main, prompt }) ?? [])
    .filter(({ question }) => !prompt.answers.some((answered) => isAlike(answered.question, question)))
    .slice(0, 2);
}

// The model is given its own question back, perhaps reworded: most of its words are enough.
function isAlike(asked: string, question: string): boolean {
  return sharedKeywords(asked, question) >= 0.7 * keywords(question).size;
}

interface Situation {
  said: string;
  main: Capability;
  prompt: Prompt;
}

const bank: ((situation: Situation) => Question | null)[] = [
  askWho,
  askReach,
  askAudit,
  askDelivery,
  askSignIn,
  askLimits,
];

function askWho({ said, main, prompt }: Situation): Question | null {
  if (/\b(?:only|role|permission|administrators?|owners?|managers?|allowed)\b/i.test(said)) return null;
  const sourceText = prompt.sources.flatMap(({ lines }) => lines.map(({ text }) => text)).join(' ');
  const role =
    /\baccount owners?\b/i.test(sourceText) || main.actor === 'customer'
      ? 'Account owners only'
      : 'Only some roles';
  return {
    question: `Who may ${main.verb} ${main.object}: every ${main.actor}, or only some of them?`,
    why: 'The answer decides who sees the function and what happens to everybody else.',
    suggestions: [`Every ${main.actor}`, role, 'Administrators only'],
  };
}

function askReach({ said, main, prompt }: Situation): Question | null {
  if (!/export|report|list|search|download|history|archive|statement/i.test(`${main.verb} ${main.object}`))
    return null;
  if (/\b\d+\s*(?:days?|weeks?|months?|years?)\b|\bsince\b/i.test(said)) return null;
  const period = prompt.sources
    .flatMap(({ lines }) => lines)
    .find(({ text }) => /\b\d+\s*years?\b/i.test(text));
  const years = period && /\b\d+\s*years?\b/i.exec(period.text)?.[0];
  return {
    question: `How far back must ${main.object} reach?`,
    why: 'It decides how much there is to find and how long it takes.',
    suggestions: [years ? `${years}, as the page says` : '10 years', 'Only this year', 'Everything there is'],
  };
}

function askAudit({ said }: Situation): Question | null {
  if (!/\baudit|\blog(?:ged|s)?\b|\btrail\b/i.test(said) || /\bkept?\b|\bretention\b/i.test(said))
    return null;
  return {
    question: 'How long must the audit trail be kept, and who reads it?',
    why: 'Retention and access are requirements of their own.',
    suggestions: ['10 years, auditors only', '1 year, administrators'],
  };
}

function askDelivery({ said }: Situation): Question | null {
  if (!/e-?mail|notif|sms|message|remind/i.test(said)) return null;
  return {
    question: 'What should happen when a message cannot be delivered?',
    why: 'Without it, nobody would learn of a failed delivery.',
    suggestions: ['Try again for a day, then tell the sender', 'Show it in the application'],
  };
}

function askSignIn({ said }: Situation): Question | null {
  if (!/password|sign[- ]?in|log[- ]?in|authenticat/i.test(said) || /\b(?:tries|attempts|lock)/i.test(said))
    return null;
  return {
    question: 'What should happen after several failed attempts?',
    why: 'It is the part that attackers try first.',
    suggestions: ['Wait longer after each attempt', 'Lock for 15 minutes'],
  };
}

function askLimits({ said, main }: Situation): Question | null {
  if (/\b\d/.test(said)) return null;
  return {
    question: `Is there a limit that ${plural(main.actor)} would notice, such as a size, an amount or a time?`,
    why: 'What has no limit is built and tested differently.',
    suggestions: ['No limit that matters', 'It must be done within a minute'],
  };
}
