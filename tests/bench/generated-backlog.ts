import type { Candidate } from '../../src/lib/server/services/duplicate-radar/similar-issues.ts';
import { meaningfulWords } from '../../src/lib/server/services/duplicate-radar/meaningful-words.ts';
import { seededRandom } from '../support/seeded-random.ts';

export interface GeneratedBacklog {
  /** Newest first, as a search returns them. */
  issues: Candidate[];
  /** Drafts, each with the key of the issue that it says again, by how much of its summary it keeps. */
  drafts: { text: string; twin: string; kept: 'all' | 'most' | 'half' }[];
}

const verbs =
  'export import show hide archive print share approve reject cancel schedule compare merge split filter sort search mark assign notify remind refund validate convert upload download sign rename restore publish'.split(
    ' ',
  );
const nouns =
  'invoice order customer supplier delivery contract address payment refund report audit session password profile picture attachment label comment project sprint board calendar message template currency discount voucher basket catalogue warehouse shipment return warranty ticket subscription licence branch region department budget forecast meeting room vehicle route driver parcel scanner printer terminal'.split(
    ' ',
  );
const qualities =
  'monthly overdue closed pending partial foreign encrypted archived duplicate recurring internal external temporary damaged oversized anonymous regional seasonal manual automatic'.split(
    ' ',
  );

/** A backlog with words as unevenly spread as in real ones, and twins of some of its issues. The same seed gives the same. */
export function generateBacklog(size: number, twins: number, seed = 7): GeneratedBacklog {
  const random = seededRandom(seed);
  /** Few words stand in many issues, most in few: rank r about 1/r as often. */
  const pick = (words: readonly string[]) =>
    words[Math.min(words.length - 1, Math.floor(words.length ** random()) - 1)] ?? '';
  /** The team's own words, of which a real backlog has thousands: names of parts, products and fields. */
  const terms = Array.from({ length: 4_000 }, (_, index) => ownWord(index));
  const summary = () =>
    `${pick(verbs)} ${pick(qualities)} ${pick(nouns)} of ${pick(terms)} for ${pick(terms)} ${pick(nouns)}`;
  const issues = Array.from({ length: size }, (_, index): Candidate => ({
    key: `BIG-${size - index}`,
    url: `http://jira.test/browse/BIG-${size - index}`,
    summary: summary(),
    description: Array.from({ length: 2 + Math.floor(random() * 8) }, summary).join('. '),
    status: 'Open',
  }));
  const drafts = Array.from({ length: twins }, (_, index) => {
    const twin = issues[Math.floor(random() * size)];
    const kept = (['all', 'most', 'half'] as const)[index % 3] ?? 'all';
    const words = meaningfulWords(twin?.summary ?? '');
    const keep = {
      all: words.length,
      most: Math.ceil(words.length * 0.75),
      half: Math.ceil(words.length / 2),
    }[kept];
    const said = [...words.slice(0, keep), ...words.slice(keep).map(() => pick(nouns))];
    return { text: `${said.join(' ')}\n${summary()}\n${summary()}`, twin: twin?.key ?? '', kept };
  });
  return { issues, drafts };
}

const syllables = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu'.split(' ');

/** A word that is no other's beginning: three syllables and their number. */
function ownWord(index: number): string {
  const at = (power: number) =>
    syllables[Math.floor(index / syllables.length ** power) % syllables.length] ?? '';
  return `${at(0)}${at(1)}${at(2)}n`;
}

/**
 * A stand-in for Jira's search: it understands the queries of the radar and nothing else, word by word, over an index
 * of its own. How long Jira takes is Jira's.
 */
export function searchStandIn(issues: readonly Candidate[]): (jql: string, limit: number) => Candidate[] {
  const postings = { summary: new Map<string, number[]>(), text: new Map<string, number[]>() };
  issues.forEach(({ summary, description }, at) => {
    for (const word of meaningfulWords(summary)) put(postings.summary, word, at);
    for (const word of meaningfulWords(`${summary} ${description}`)) put(postings.text, word, at);
  });
  const having = (atom: string): readonly number[] => {
    const [, field, word] = /(summary|text) ~ "([^"]+)"/.exec(atom) ?? [];
    return postings[field === 'summary' ? 'summary' : 'text'].get(word ?? '') ?? [];
  };
  return (jql, limit) => {
    const clauses = jql.replace(/ ORDER BY .*$/, '').split(' OR ');
    const found = new Set<number>();
    for (const clause of clauses) {
      const [first = [], ...others] = clause.split(' AND ').map(having);
      const sets = others.map((list) => new Set(list));
      for (const at of first) if (sets.every((set) => set.has(at))) found.add(at);
    }
    return [...found]
      .sort((a, b) => a - b)
      .slice(0, limit)
      .flatMap((at) => issues[at] ?? []);
  };
}

function put(index: Map<string, number[]>, word: string, at: number): void {
  const list = index.get(word);
  if (list) list.push(at);
  else index.set(word, [at]);
}
