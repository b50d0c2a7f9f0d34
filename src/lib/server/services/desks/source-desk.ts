import type { ConfluencePage, ConfluenceRest } from '../../adapters/confluence-rest.ts';
import { storageToParagraphs } from '../../adapters/confluence/storage-to-paragraphs.ts';
import type { JiraRest } from '../../adapters/jira-rest.ts';
import { UpstreamError } from '../../errors/app-error.ts';
import type { ReadText, SourceDesk } from '../source-reading/source-reader.ts';

/** Pages and issues as sources. Connections are opened when something is read, so one that is missing costs nothing. */
export function createSourceDesk(remotes: {
  jira: () => Promise<JiraRest>;
  confluence: () => Promise<ConfluenceRest>;
}): SourceDesk {
  return {
    pageById: (pageId) => orAbsent(async () => asText(await (await remotes.confluence()).page(pageId))),
    pageByTitle: (spaceKey, title) =>
      orAbsent(async () => {
        const page = await (await remotes.confluence()).pageByTitle(spaceKey, title);
        return page && asText(page);
      }),
    pageByWords: (words) =>
      orAbsent(async () => {
        const confluence = await remotes.confluence();
        const [best] = await confluence.search({
          cql: `type = page AND title ~ "${quotable(words)}"`,
          limit: 1,
        });
        return best ? asText(await confluence.page(best.id)) : null;
      }),
    issue: (key) =>
      orAbsent(async () => {
        const issue = await (await remotes.jira()).issue(key);
        const paragraphs = [
          `${issue.issueType}, ${issue.status}: ${issue.summary}`,
          ...issue.description.split(/\n\s*\n/),
        ];
        const texts = paragraphs.map((text) => text.trim()).filter((text) => text !== '');
        return {
          kind: 'issue',
          title: `${key} ${issue.summary}`,
          version: issue.updated || null,
          url: issue.url,
          paragraphs: texts,
        };
      }),
  };
}

function asText({ title, version, url, storage }: ConfluencePage): ReadText {
  return {
    kind: 'page',
    title,
    version: version === null ? null : String(version),
    url,
    paragraphs: storageToParagraphs(storage),
  };
}

/** A 404 says that it is not there or not visible, which is an answer. */
async function orAbsent(read: () => Promise<ReadText | null>): Promise<ReadText | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 404) return null;
    throw error;
  }
}

/** Words inside a CQL string: quotes and backslashes would end it. */
function quotable(words: string): string {
  return words.replaceAll(/["\\]/g, ' ').trim();
}
