import type { CitedLine } from './prompt-reader.ts';
import { keywords, singular, withoutFullStop } from './wording.ts';

/** One thing that somebody should be able to do, with what the text says about it. */
export interface Capability {
  /** Singular, in lower case: "account owner". */
  actor: string;
  verb: string;
  /** What the verb acts on, without formats and extras: "invoices". */
  object: string;
  /** "so that ..." where the text says it. */
  benefit: string | null;
  /** "as PDF or CSV" becomes ["PDF", "CSV"]. */
  formats: string[];
  /** "by e-mail too", "with an audit trail": clauses beside the main one. */
  extras: CitedLine[];
  /** Further sentences about it: conditions, limits, list items. */
  details: CitedLine[];
  ref: string;
}

/** Finds who should be able to do what. A sentence without an action of its own is a detail of the one before. */
export function readRequirement(lines: readonly CitedLine[]): Capability[] {
  const capabilities: Capability[] = [];
  for (const line of lines) {
    const text = withoutFullStop(withoutPointers(line.text.replace(/^[-*•\d.)\s]+/, '')));
    if (text === '' || isPointer(text)) continue;
    const capability = readSentence({ ref: line.ref, text });
    const previous = capabilities.at(-1);
    if (capability && !(previous && belongsTo(capability, previous, text))) capabilities.push(capability);
    else if (previous) previous.details.push({ ref: line.ref, text });
    else capabilities.push(fallback({ ref: line.ref, text }));
  }
  return capabilities;
}

const modal =
  '(?:should|must|can|could|may|shall|will|would|need to|needs to|want to|wants to|has to|have to)';
const patterns = [
  // As a customer, I want to export invoices
  /^as an? (?<actor>[^,]+),? i (?:want|need|would like|wish)(?: to be able)? to (?<verb>[\w-]+) (?<rest>.+)$/i,
  // Let customers export invoices / Allow customers to export invoices
  /^(?:please )?(?:let|allow|enable|permit) (?<actor>(?:[\w-]+ ){1,3}?)(?:to )?(?<verb>[\w-]+) (?<rest>.+)$/i,
  // Customers should be able to export invoices
  new RegExp(
    `^(?:all |our |the |every |each )?(?<actor>(?:[\\w-]+ ){0,2}[\\w-]+) ${modal}(?: also)?(?: be able to| be allowed to)? (?<verb>[\\w-]+) (?<rest>.+)$`,
    'i',
  ),
  // Add / build / create an export for invoices
  /^(?:we (?:need|want|would like)(?: to)? )?(?<verb>add|build|create|introduce|support|provide|offer|implement|show|send|import|export) (?<rest>.+)$/i,
];

function readSentence(line: CitedLine): Capability | null {
  for (const pattern of patterns) {
    const groups = pattern.exec(line.text)?.groups;
    if (!groups) continue;
    const verb = (groups['verb'] ?? '').toLowerCase();
    if (notActions.has(verb)) return null;
    return describe(line, normaliseActor(groups['actor'] ?? 'user'), verb, groups['rest'] ?? '');
  }
  return null;
}

// "must be", "should have": a state, which is a condition on something else.
const notActions = new Set([
  'be',
  'have',
  'contain',
  'include',
  'last',
  'not',
  'never',
  'only',
  'remain',
  'stay',
  'take',
]);
const pronouns = new Set(['it', 'they', 'this', 'that', 'these', 'there', 'he', 'she']);

function normaliseActor(text: string): string {
  const actor = text
    .trim()
    .toLowerCase()
    .replace(/^(?:all|our|the|every|each|any)\s+/, '');
  if (actor === 'we' || actor === 'i' || actor === '') return 'user';
  return singular(actor);
}

function belongsTo(capability: Capability, previous: Capability, text: string): boolean {
  if (pronouns.has(capability.actor) || /^(?:if|when|while|unless|until|only|otherwise|but)\b/i.test(text))
    return true;
  // "The export must reach back 10 years" speaks of the export itself.
  return keywords(`${previous.verb} ${previous.object}`).has(capability.actor);
}

function describe(line: CitedLine, actor: string, verb: string, rest: string): Capability {
  const [body, benefit] = splitBenefit(rest);
  const [main = '', ...clauses] = body
    .split(/\s*(?:,|;)\s*(?:and\s+)?|\s+(?=with an?\s)|\s+and (?=with\b|by\b)/i)
    .filter(Boolean);
  const formatMatch =
    /\s+(?:as|in|to)\s+((?:[A-Z][A-Za-z]*|\.[a-z]+)(?:(?:\s*,\s*|\s+(?:or|and)\s+)(?:[A-Z][A-Za-z]*|\.[a-z]+))*)/.exec(
      main,
    );
  const formats = formatMatch?.[1]?.split(/\s*,\s*|\s+(?:or|and)\s+/) ?? [];
  // "as PDF, CSV or XLSX" was cut at its comma: the pieces are formats, not clauses.
  const extras: string[] = [];
  for (const clause of clauses) {
    if (formats.length > 0 && /^(?:or |and )?[A-Z]{2,5}(?: (?:or|and) [A-Z]{2,5})?$/.test(clause)) {
      formats.push(...clause.replace(/^(?:or|and) /, '').split(/ (?:or|and) /));
    } else extras.push(clause.replace(/\s*\b(?:too|as well|also)\b/gi, '').trim());
  }
  return {
    actor,
    verb,
    object: formatMatch ? main.replace(formatMatch[0], '').trim() : main.trim(),
    benefit,
    formats,
    extras: extras.filter(Boolean).map((text) => ({ ref: line.ref, text })),
    details: [],
    ref: line.ref,
  };
}

function splitBenefit(rest: string): [string, string | null] {
  const match = /^(.*?),?\s+(?:so that|so|in order to|because)\s+(.+)$/i.exec(rest);
  return match ? [match[1] ?? '', match[2] ?? null] : [rest, null];
}

const target = String.raw`(?:https?:\/\/\S*[^\s,.;:!?)]|[A-Z][A-Z0-9]+-\d+)`;
const pointers = new RegExp(
  String.raw`[\s,(]*\b(?:see|cf\.?|per|as (?:in|described in))\s+${target}(?:(?:\s*,\s*|\s+and\s+)${target})*\)?`,
  'gi',
);

/** "..., see https://... and DEMO-5": where to look is no part of what is wanted. */
function withoutPointers(text: string): string {
  return text.replace(pointers, '');
}

/** "See the billing page in Confluence" points at a source and asks for nothing by itself. */
function isPointer(text: string): boolean {
  return (
    /^(?:see|cf\.?|compare|read|details (?:are )?in|as described (?:in|on))\b/i.test(text) ||
    /^https?:\/\/\S+$/.test(text)
  );
}

/** A thing without an action, such as "Search that forgives typos": somebody uses it. */
function fallback({ ref, text }: CitedLine): Capability {
  const thing = text.replace(/^(?:we|i) (?:need|want|would like)(?: to have)? /i, '');
  const startsLikeName = /^[A-Z]{2}/.test(thing);
  const object = startsLikeName ? thing : thing.charAt(0).toLowerCase() + thing.slice(1);
  return { actor: 'user', verb: 'use', object, benefit: null, formats: [], extras: [], details: [], ref };
}
