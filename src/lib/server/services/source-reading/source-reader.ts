import type { Logger } from 'pino';
import type { Source, SourceReader } from '../../../agent/ports.ts';
import { UpstreamError } from '../../errors/app-error.ts';
import { findMentions } from './mentions.ts';

/** A page or issue as text, ready to be numbered. */
export interface ReadText {
  kind: 'page' | 'issue';
  title: string;
  version: string | null;
  url: string;
  paragraphs: string[];
}

/** Confluence and Jira as one person sees them. Each resolves to null for what is not there or not visible. */
export interface SourceDesk {
  pageById(pageId: string): Promise<ReadText | null>;
  pageByTitle(spaceKey: string, title: string): Promise<ReadText | null>;
  /** The best page whose title has these words. */
  pageByWords(words: string): Promise<ReadText | null>;
  issue(key: string): Promise<ReadText | null>;
}

export interface SourceReaderDeps {
  desk: SourceDesk;
  urls: { confluenceUrl: string | null; jiraUrl: string | null };
  /** False until Confluence was tested: then links are left unread. Asked when there is a page to read. */
  pagesAllowed: () => Promise<boolean>;
  keep: (source: { conversationId: string; runId: string } & ReadText) => Promise<Source>;
  known: (conversationId: string) => Promise<Source[]>;
  log: Logger;
}

/**
 * Reads what a message points at, each thing once for a conversation and version. What cannot be read is passed over:
 * the requirement itself is worth drafting without it.
 */
export function createSourceReader(deps: SourceReaderDeps): SourceReader {
  const { desk, log } = deps;

  async function gather({
    conversationId,
    runId,
    text,
    signal,
  }: Parameters<SourceReader['gather']>[0]): Promise<Source[]> {
    const mentions = findMentions(text, deps.urls);
    const pages = [
      ...mentions.pageIds.map((pageId) => () => desk.pageById(pageId)),
      ...mentions.titledPages.map(
        ({ spaceKey, title }) =>
          () =>
            desk.pageByTitle(spaceKey, title),
      ),
      ...mentions.namedPages.map((words) => () => desk.pageByWords(words)),
    ];
    const readable = pages.length > 0 && (await deps.pagesAllowed()) ? pages : [];
    const issues = mentions.issueKeys.map((key) => () => desk.issue(key));

    const added: Source[] = [];
    for (const read of [...readable, ...issues]) {
      signal.throwIfAborted();
      const found = await readOrPass(read);
      if (!found || (await isKnown(conversationId, found))) continue;
      added.push(await deps.keep({ conversationId, runId, ...found }));
    }
    return added;
  }

  async function readOrPass(read: () => Promise<ReadText | null>): Promise<ReadText | null> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      log.warn({ err: error, outcome: 'failed' }, 'A source that a message names could not be read');
      return null;
    }
  }

  async function isKnown(conversationId: string, found: ReadText): Promise<boolean> {
    const known = await deps.known(conversationId);
    return known.some((source) => source.url === found.url && source.version === found.version);
  }

  function pointsAtSomething(text: string): boolean {
    return Object.values(findMentions(text, deps.urls)).some((mentioned) => mentioned.length > 0);
  }

  return { gather, pointsAtSomething };
}
