import MiniSearch from 'minisearch';
import type { SimilarIssue } from '../../../contracts/story.ts';
import { meaningfulWords } from './meaningful-words.ts';

export interface Candidate {
  key: string;
  url: string;
  summary: string;
  description: string;
  status: string;
}

/** Below it two texts only share a theme. Tuned on the labelled set of `recall.test.ts`. */
const leastScore = 0.4;
/** One word in common is a theme, unless it is all that the issue's summary says. */
const leastShared = 2;
/** Beside a good hit, one that is much weaker is noise. */
const leastOfBest = 0.6;
const mostWordsInQuery = 12;
/** Twenty groups of three: more would make a query that Jira answers slowly. */
const mostWordsInGroups = 6;
/** Of a description, what is indexed: Jira allows 32,767, and the wish is said at its beginning. */
const indexedCharacters = 2_000;
/** What comes beyond is not indexed, so that the index stays small whatever Jira answers. */
const mostIndexed = 120;

/**
 * The JQL that finds candidates: any of the text's rarer words, newest first. It is read with the person's own token, so
 * nothing comes up that they could not see in Jira themselves.
 */
export function candidateJql(text: string, projectKey: string | null): string | null {
  const anyWord = anyWordOf(text);
  return anyWord && `${inProject(projectKey)}(${anyWord}) ORDER BY updated DESC`;
}

/**
 * The JQL for issues whose summary shares three words with the text's first line (two, where it has no more), newest
 * first. In a large backlog the newest issues with any of the words say little: a twin shares more. Null where the line
 * has fewer than two words.
 */
export function twinJql(text: string, projectKey: string | null): string | null {
  const words = meaningfulWords(text.split('\n', 1)[0] ?? '').slice(0, mostWordsInGroups);
  if (words.length < 2) return null;
  const groups = groupsOf(words, Math.min(3, words.length)).map(
    (group) => `(${group.map((word) => `summary ~ "${word}"`).join(' AND ')})`,
  );
  return `${inProject(projectKey)}(${groups.join(' OR ')}) ORDER BY updated DESC`;
}

/** Every choice of so many of the words. */
function groupsOf(words: readonly string[], size: number): string[][] {
  if (size === 0) return [[]];
  return words.flatMap((word, index) =>
    groupsOf(words.slice(index + 1), size - 1).map((others) => [word, ...others]),
  );
}

/** The CQL that finds pages with any of the text's rarer words, latest change first; null where there is none. */
export function pagesCql(text: string): string | null {
  const anyWord = anyWordOf(text);
  return anyWord && `type = page AND (${anyWord}) ORDER BY lastmodified DESC`;
}

/** JQL and CQL say it alike. Null where the text has no word that tells anything. */
function anyWordOf(text: string): string | null {
  const words = meaningfulWords(text).slice(0, mostWordsInQuery);
  return words.length === 0 ? null : words.map((word) => `text ~ "${word}"`).join(' OR ');
}

function inProject(projectKey: string | null): string {
  return projectKey === null ? '' : `project = "${projectKey}" AND `;
}

/**
 * The candidates that look most alike, best first. `score` is 0 to 1: the share of the text's words that the issue has
 * too, weighted towards its summary; `why` names them.
 */
export function rankSimilar(text: string, candidates: readonly Candidate[], limit: number): SimilarIssue[] {
  const words = meaningfulWords(text);
  if (words.length === 0 || candidates.length === 0) return [];
  const index = new MiniSearch<Candidate>({
    idField: 'key',
    fields: ['summary', 'description'],
    tokenize: meaningfulWords,
    processTerm: (term) => term,
  });
  const byKey = new Map(candidates.slice(0, mostIndexed).map((candidate) => [candidate.key, candidate]));
  index.addAll(
    [...byKey.values()].map((candidate) => ({
      ...candidate,
      description: candidate.description.slice(0, indexedCharacters),
    })),
  );
  const alike = index
    .search(words.join(' '), {
      boost: { summary: 3 },
      fuzzy: (term) => (term.length > 5 ? 0.2 : false),
      combineWith: 'OR',
    })
    .flatMap(({ id, queryTerms }) => {
      const candidate = byKey.get(String(id));
      if (!candidate || !sharesEnough(candidate, queryTerms)) return [];
      return [describe(candidate, words, queryTerms)];
    })
    .filter(({ score }) => score >= leastScore)
    .sort((a, b) => b.score - a.score);
  const best = alike[0]?.score ?? 0;
  return alike.filter(({ score }) => score >= best * leastOfBest).slice(0, limit);
}

/** The candidates that share words with a text, those with most in common first: for a question, not for a duplicate. */
export function rankByWords<T extends Pick<Candidate, 'summary' | 'description'>>(
  text: string,
  candidates: readonly T[],
): T[] {
  const asked = new Set(meaningfulWords(text));
  const shared = (words: string) => meaningfulWords(words).filter((word) => asked.has(word)).length;
  return candidates
    .map((candidate) => ({
      candidate,
      score: 3 * shared(candidate.summary) + shared(candidate.description),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ candidate }) => candidate);
}

function sharesEnough({ summary }: Candidate, sharedTerms: readonly string[]): boolean {
  const shared = new Set(sharedTerms);
  return shared.size >= leastShared || meaningfulWords(summary).every((word) => shared.has(word));
}

function describe(
  candidate: Candidate,
  words: readonly string[],
  sharedTerms: readonly string[],
): SimilarIssue {
  const shared = [...new Set(sharedTerms)];
  const summaryWords = meaningfulWords(candidate.summary);
  const ofText = shared.length / words.length;
  const ofSummary =
    summaryWords.length === 0
      ? 0
      : summaryWords.filter((word) => words.includes(word)).length / summaryWords.length;
  return {
    key: candidate.key,
    url: candidate.url,
    summary: candidate.summary,
    status: candidate.status,
    score: Math.min(1, 0.4 * ofText + 0.6 * ofSummary),
    why: `Both speak of ${listWords(shared)}.`,
  };
}

function listWords(words: readonly string[]): string {
  const shown = words.slice(0, 5);
  if (shown.length <= 1) return shown[0] ?? 'the same thing';
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
