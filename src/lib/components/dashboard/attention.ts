import type { ConnectionView, FeatureState } from '$lib/contracts/connection';
import { dayInWords } from '$lib/contracts/day-in-words';
import type { ConversationSummary } from '$lib/contracts/socket-events';
import { connectionNames, listInWords, startSentence } from '../configuration/connection-words.ts';

/** Long enough to make a new token on a working day. */
const warnBeforeMs = 7 * 86_400_000;

export interface AttentionItem {
  id: string;
  tone: 'warn' | 'bad';
  text: string;
  /** What following it does. */
  action: string;
  href: string;
}

interface Facts {
  features: FeatureState[];
  /** The connections as they stand, with their last tests. */
  views: Pick<ConnectionView, 'kind' | 'lastTest' | 'testIsCurrent'>[];
  conversations: ConversationSummary[];
  unknownOutcomes: number;
  /** The conversation that holds the newest of them. */
  unknownIn: string | null;
  failedJobs: number;
  /** The products of tools that changed and are off until the next test: one entry for each such tool. */
  changedTools: ('jira' | 'confluence')[];
  /** Tool lists whose last refresh failed, by server. */
  staleTools: string[];
  /** What a reload of a configuration file refused; empty for people who are no administrators. */
  configProblems: { file: string; messages: string[] }[];
  /** Milliseconds since 1970. */
  now: number;
}

/** What waits for the person, the costliest first: unknown outcomes, questions, what is switched off, what failed. */
export function attentionItems(facts: Facts): AttentionItem[] {
  return [
    ...unknownOutcomes(facts),
    ...facts.conversations.flatMap(waitingConversation),
    ...failedTests(facts.views),
    ...endingTokens(facts),
    ...missingTests(facts.features, facts.views),
    ...changedTools(facts.changedTools),
    ...facts.configProblems.map(brokenFile),
    ...facts.staleTools.map((server) => ({
      id: `tools-${server}`,
      tone: 'warn' as const,
      text: `The tools of ${server} could not be read anew; the last list stays in use.`,
      action: 'Look at the tools',
      href: '/tools',
    })),
    ...failedJobs(facts.failedJobs),
  ];
}

function unknownOutcomes({ unknownOutcomes: count, unknownIn }: Facts): AttentionItem[] {
  if (unknownIn === null) return [];
  const text =
    count === 1
      ? 'One story was sent to Jira and no answer came back. It may or may not exist.'
      : `${count} stories were sent to Jira and no answer came back. They may or may not exist.`;
  return [{ id: 'unknown', tone: 'bad', text, action: 'Settle it', href: `/creator/${unknownIn}` }];
}

function waitingConversation({ id, title, status }: ConversationSummary): AttentionItem[] {
  const words = {
    needs_answer: { text: `“${title}” waits for your answer.`, action: 'Answer' },
    needs_review: { text: `“${title}” has stories to review.`, action: 'Review' },
    interrupted: { text: `“${title}” was interrupted; its drafts are kept.`, action: 'Continue' },
    failed: { text: `“${title}” stopped with an error; its drafts are kept.`, action: 'Look' },
  };
  if (!(status in words)) return [];
  return [{ id, tone: 'warn', ...words[status as keyof typeof words], href: `/creator/${id}` }];
}

/** A token that expired shows here, too: the call that it failed is kept as a failed test. */
function failedTests(views: Facts['views']): AttentionItem[] {
  return views.filter(hasFailed).map(({ kind, lastTest }) => ({
    id: `failed-${kind}`,
    tone: 'bad' as const,
    text: `The test of ${connectionNames[kind]} failed. ${lastTest?.problem?.message ?? ''}`.trim(),
    action: 'Mend it',
    href: `/configurations#${kind}`,
  }));
}

function endingTokens({ views, now }: Pick<Facts, 'views' | 'now'>): AttentionItem[] {
  return views.flatMap(({ kind, lastTest, testIsCurrent }) => {
    const at = lastTest?.tokenExpiresAt ?? null;
    if (at === null || !lastTest?.ok || !testIsCurrent || at - now > warnBeforeMs) return [];
    const name = connectionNames[kind];
    const text =
      at <= now
        ? `Your token for ${name} has run out. What you wrote is kept.`
        : `Your token for ${name} runs out on ${dayInWords(at)}. Make a new one there and save it here before.`;
    return [
      {
        id: `token-${kind}`,
        tone: 'warn' as const,
        text,
        action: 'Renew it',
        href: `/configurations#${kind}`,
      },
    ];
  });
}

const hasFailed = ({ lastTest, testIsCurrent }: Facts['views'][number]) =>
  lastTest !== null && !lastTest.ok && testIsCurrent;

function missingTests(features: FeatureState[], views: Facts['views']): AttentionItem[] {
  const failed = new Set(views.filter(hasFailed).map(({ kind }) => kind));
  const missing = [...new Set(features.flatMap((feature) => feature.missing))].filter(
    (kind) => !failed.has(kind),
  );
  const [first] = missing;
  if (first === undefined) return [];
  const names = listInWords(missing.map((kind) => connectionNames[kind]));
  const verb = missing.length === 1 ? 'has' : 'have';
  return [
    {
      id: 'tests',
      tone: 'warn',
      text: `${startSentence(names)} ${verb} not been tested since the last change.`,
      action: 'Test now',
      href: `/configurations#${first}`,
    },
  ];
}

function changedTools(products: Facts['changedTools']): AttentionItem[] {
  return [...new Set(products)].map((product) => {
    const count = products.filter((one) => one === product).length;
    const name = connectionNames[product];
    const [subject, verbs] =
      count === 1
        ? [`A tool for ${name}`, 'changed and is']
        : [`${count} tools for ${name}`, 'changed and are'];
    return {
      id: `changed-${product}`,
      tone: 'warn' as const,
      text: `${subject} ${verbs} off until you test ${name} again.`,
      action: 'Test again',
      href: `/configurations#${product}`,
    };
  });
}

function brokenFile({
  file,
  messages: [first = '', ...others],
}: Facts['configProblems'][number]): AttentionItem {
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  return {
    id: `config-${file}`,
    tone: 'bad',
    text: `${file} was not taken over: ${first}${more}`,
    action: 'See the files',
    href: '/admin',
  };
}

function failedJobs(count: number): AttentionItem[] {
  if (count === 0) return [];
  const text =
    count === 1 ? 'One job gave up after its last try.' : `${count} jobs gave up after their last try.`;
  return [{ id: 'jobs', tone: 'warn', text, action: 'Look at the jobs', href: '/tools#jobs' }];
}
