import { describe, expect, it } from 'vitest';
import { candidateJql, rankSimilar, twinJql, type Candidate } from './similar-issues.ts';

const candidates: Candidate[] = [
  issue('DEMO-1', 'Export invoices as PDF', 'Customers download an invoice.'),
  issue('DEMO-2', 'Refund a payment', 'The clerk refunds a payment to the card.'),
  issue('DEMO-3', 'Invoice numbers are unique', ''),
];

describe('The duplicate radar', () => {
  it('puts the issue that says the same first and says which words they share', () => {
    const [best] = rankSimilar('Customers export invoices as PDF or CSV', candidates, 5);
    expect(best).toMatchObject({ key: 'DEMO-1', why: expect.stringContaining('invoice') });
    expect(best?.score).toBeGreaterThan(0.5);
  });

  it('stays silent about issues that share only common words', () => {
    expect(rankSimilar('Users should be able to change their password', candidates, 5)).toEqual([]);
  });

  it('finds the twin among many that are newer and longer, and indexes no more than it must', () => {
    const noise = Array.from({ length: 119 }, (_, index) =>
      issue(`DEMO-${index + 10}`, `Invoice page ${index}`, 'export '.repeat(4_000)),
    );
    const [best] = rankSimilar(
      'Export invoices as PDF',
      [...noise, issue('DEMO-1', 'Export invoices as PDF', '')],
      5,
    );
    expect(best?.key).toBe('DEMO-1');
  });

  it('asks Jira only for words, so that no text can change the query', () => {
    expect(candidateJql('Export" OR project = SECRET --', 'DEMO')).toBe(
      'project = "DEMO" AND (text ~ "export" OR text ~ "project" OR text ~ "secret") ORDER BY updated DESC',
    );
    expect(candidateJql('as the user', null)).toBeNull();
    expect(twinJql('Export "invoices) OR\nproject = SECRET', 'DEMO')).toBe(
      'project = "DEMO" AND ((summary ~ "export" AND summary ~ "invoice")) ORDER BY updated DESC',
    );
    expect(twinJql('Export invoices as PDF by e-mail', null)?.match(/ OR /g)).toHaveLength(3);
    expect(twinJql('one two three four five six seven eight', null)?.match(/ OR /g)).toHaveLength(19);
    expect(twinJql('Export\ninvoices as PDF', null)).toBeNull();
  });
});

function issue(key: string, summary: string, description: string): Candidate {
  return { key, summary, description, url: `https://jira.example.test/browse/${key}`, status: 'Open' };
}
