import type { ReadThing } from './reading-log.ts';

/**
 * The answer with what it rests on, told by code: links to what it names and what was really read, and a warning for
 * issue keys that it names and nobody read. Keys that the person named themselves, `asked`, need no reading.
 */
export function citeReadings(
  text: string,
  { read, asked, projectKey }: { read: readonly ReadThing[]; asked: readonly string[]; projectKey: string },
): string {
  const named = [...new Set(text.match(ISSUE_KEY) ?? [])];
  const rests = restsOn(text, named, read);
  const issueKeys = read.flatMap(({ kind, ref }) => (kind === 'issue' ? [ref] : []));
  // Words such as UTF-8 have the form of a key: only those of projects that came up count.
  const projects = new Set([projectKey, ...[...issueKeys, ...asked].map(projectOf)]);
  const unread = named.filter(
    (key) => projects.has(projectOf(key)) && !asked.includes(key) && !issueKeys.includes(key),
  );
  const notes = [
    ...(rests.length > 0 ? [`Read for this answer: ${rests.map(link).join(', ')}.`] : []),
    ...(unread.length > 0
      ? [`Not read, so check before you rely on it: ${unread.slice(0, MOST_LINKS).join(', ')}.`]
      : []),
  ];
  return [text, ...notes].join('\n\n');
}

/** Also matches words such as UTF-8. */
export const ISSUE_KEY = /\b[A-Z][A-Z0-9_]{1,19}-\d{1,9}\b/g;
const MOST_LINKS = 8;

/** What the answer names; if it names nothing, what was opened for it. */
function restsOn(text: string, named: readonly string[], read: readonly ReadThing[]): ReadThing[] {
  const isNamed = ({ kind, ref, title }: ReadThing) =>
    kind === 'issue' ? named.includes(ref) : title !== '' && text.includes(title);
  const mentioned = read.filter(isNamed);
  return (mentioned.length > 0 ? mentioned : read.filter(({ opened }) => opened)).slice(0, MOST_LINKS);
}

function projectOf(key: string): string {
  return key.slice(0, key.lastIndexOf('-'));
}

function link({ kind, ref, title, url }: ReadThing): string {
  const label = (kind === 'issue' ? ref : title || 'a page').replace(/[\\[\]`*_<>]/g, '\\$&');
  return /^https?:\/\/\S+$/.test(url) ? `[${label}](<${url.replace(/[<>]/g, '')}>)` : label;
}
