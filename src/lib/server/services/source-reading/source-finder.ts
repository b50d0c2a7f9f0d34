import type { Logger } from 'pino';
import type { FoundSource, FoundSources } from '../../../contracts/found-source.ts';
import type { ConfluenceRest } from '../../adapters/confluence-rest.ts';
import type { JiraRest } from '../../adapters/jira-rest.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Actor } from '../services.ts';

export interface SourceFinderDeps {
  jira: (actor: Actor) => Promise<Pick<JiraRest, 'search'>>;
  confluence: (actor: Actor) => Promise<Pick<ConfluenceRest, 'search'>>;
  /** False until Confluence was tested. */
  pagesAllowed: (actor: Actor) => Promise<boolean>;
  log: Logger;
}

const mostOfEach = 6;
const mostWords = 8;

/**
 * Pages and issues whose title has these words, the last one perhaps half typed: found with the person's own tokens, so
 * nothing comes up that they could not see there themselves. One system that fails does not hide the other's.
 */
export function createSourceFinder({ jira, confluence, pagesAllowed, log }: SourceFinderDeps) {
  return async function findSources(actor: Actor, typed: string): Promise<FoundSources> {
    const words = searchWords(typed);
    if (words === '') return { sources: [], unreached: [] };
    const [pages, issues] = await Promise.all([
      orNull('Confluence', async () => ((await pagesAllowed(actor)) ? findPages(actor, words) : [])),
      orNull('Jira', () => findIssues(actor, words)),
    ]);
    return {
      sources: [...(pages ?? []), ...(issues ?? [])],
      unreached: [...(pages ? [] : ['Confluence' as const]), ...(issues ? [] : ['Jira' as const])],
    };
  };

  async function findPages(actor: Actor, words: string): Promise<FoundSource[]> {
    const cql = `type = page AND (title ~ "${words}" OR title ~ "${words}*")`;
    const pages = await (await confluence(actor)).search({ cql, limit: mostOfEach });
    return pages.map(({ title, spaceKey, url }) => ({ kind: 'page', title, place: spaceKey, mention: url }));
  }

  async function findIssues(actor: Actor, words: string): Promise<FoundSource[]> {
    const jql = `summary ~ "${words}" OR summary ~ "${words}*" ORDER BY updated DESC`;
    const { issues } = await (await jira(actor)).search({ jql, limit: mostOfEach });
    return issues.map(({ key, summary }) => ({ kind: 'issue', title: summary, place: key, mention: key }));
  }

  async function orNull(system: string, find: () => Promise<FoundSource[]>): Promise<FoundSource[] | null> {
    try {
      return await find();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn({ err: error, system, outcome: 'failed' }, 'Sources could not be looked for');
      return null;
    }
  }
}

/**
 * Words that may stand inside a JQL or CQL string. In capitals, AND, OR and NOT would be operators there. Both products
 * look for a whole word by its stem and for `word*` as it is written, so that only both find "invoices" and "invo".
 */
function searchWords(typed: string): string {
  const words = typed.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, mostWords).join(' ');
}
