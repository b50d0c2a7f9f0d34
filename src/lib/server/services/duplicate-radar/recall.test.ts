import { describe, expect, it } from 'vitest';
import { rankSimilar, type Candidate } from './similar-issues.ts';

/**
 * A labelled set of ours: a small backlog of a customer portal, and drafts that a person judged to be the same wish as
 * one of its issues. Grouped by how many words of the issue's summary the draft uses, since a lexical index cannot
 * find what shares no word.
 */
const backlog: Candidate[] = [
  issue('P-1', 'See the list of my invoices', 'Newest first, with amount and state.'),
  issue('P-2', 'Export the invoice list as CSV', 'One row for each invoice of the chosen period.'),
  issue('P-3', 'Download a single invoice as PDF', 'The same document that was sent by post.'),
  issue('P-4', 'Sign in with a second factor', 'A code from an app, asked for on new devices.'),
  issue('P-5', 'Reset a forgotten password', 'A link by e-mail that works for an hour.'),
  issue('P-6', 'Choose which notifications arrive by e-mail', 'One switch for each kind.'),
  issue('P-7', 'Remind about an invoice that is due', 'Three days before, and on the day.'),
  issue('P-8', 'Ask for a refund of a single invoice line', 'With a reason; accounting decides.'),
  issue('P-9', 'Delete closed accounts after the retention period', 'A nightly job.'),
  issue('P-10', 'Show when and from where somebody signed in last', ''),
  issue('P-11', 'CSV export breaks on names with umlauts', 'The file is not UTF-8.'),
  issue('P-12', 'Change the billing address', 'It holds from the next invoice on.'),
];

const most: [draft: string, same: string][] = [
  ['Export invoices as CSV\nThe list of invoices downloads as a CSV file', 'P-2'],
  ['Download an invoice as PDF\nA single invoice opens as PDF', 'P-3'],
  ['Reset the password\nWho has forgotten the password gets a link', 'P-5'],
  ['Second factor at sign in\nA code is asked for', 'P-4'],
  ['Refund of one invoice line\nThe customer asks for it with a reason', 'P-8'],
  ['Choose notifications by e-mail\nEach kind has a switch', 'P-6'],
];
const some: [draft: string, same: string][] = [
  ['Warn before an invoice is due\nA message three days before', 'P-7'],
  ['Let customers change where invoices go\nThe billing address is edited in the profile', 'P-12'],
  ['Remove accounts\nAccounts that were closed are removed after the retention time', 'P-9'],
  ['Umlauts in CSV files\nNames are readable in the CSV', 'P-11'],
];
const hardlyAny: [draft: string, same: string][] = [
  ['Log-in history\nThe last access is listed with its place', 'P-10'],
  ['Two-step authentication\nA one-time token is needed', 'P-4'],
];
const unrelated = [
  'Dark appearance\nThe colours follow the system',
  'Book a meeting room\nFree rooms are shown by floor',
  'Send invoices by e-mail\nThe customer gets the bill as an attachment',
];

const found = (draft: string) => rankSimilar(draft, backlog, 5).map(({ key }) => key);
const recallAt5 = (set: [string, string][]) =>
  set.filter(([draft, same]) => found(draft).includes(same)).length / set.length;

describe('Recall at 5 on the labelled set', () => {
  it('is complete where most words are shared', () => {
    expect(recallAt5(most)).toBe(1);
  });

  it('is at least three of four where some are', () => {
    expect(recallAt5(some)).toBeGreaterThanOrEqual(0.75);
  });

  it('is none where hardly any are: a lexical index knows no synonyms', () => {
    expect(recallAt5(hardlyAny)).toBe(0);
  });

  it('comes without false alarms: at most one hit beside the right one, and none for what is new', () => {
    for (const [draft] of most) expect(found(draft).length, draft).toBeLessThanOrEqual(3);
    for (const draft of unrelated) expect(found(draft), draft).toEqual([]);
  });
});

function issue(key: string, summary: string, description: string): Candidate {
  return { key, summary, description, url: `https://jira.example.test/browse/${key}`, status: 'Open' };
}
