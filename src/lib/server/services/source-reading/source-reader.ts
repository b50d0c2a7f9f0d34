import type { Logger } from 'pino';
import type { Source, SourceReader, UnreadSource } from '../../../agent/ports.ts';
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

/** Something that a message names, and how to read it. */
interface Mention {
  name: string;
  read: () => Promise<ReadText | null>;
  /** It may be no mention at all: "SHA-256" looks like an issue's key. */
  isGuess?: boolean;
}

/**
 * Reads what a message points at, each thing once for a conversation and version. What cannot be read is passed over and
 * named: the requirement itself is worth drafting without it.
 */
export function createSourceReader(deps: SourceReaderDeps): SourceReader {
  const { desk, log } = deps;

  async function gather({
    conversationId,
    runId,
    text,
    signal,
  }: Parameters<SourceReader['gather']>[0]): ReturnType<SourceReader['gather']> {
    const { pages, issues } = mentionsIn(text);
    const mayReadPages = pages.length > 0 && (await deps.pagesAllowed());
    const added: Source[] = [];
    const unread: UnreadSource[] = mayReadPages ? [] : pages.map(({ name }) => ({ name, why: untested }));
    for (const mention of [...(mayReadPages ? pages : []), ...issues]) {
      signal.throwIfAborted();
      const found = await readOrSay(mention);
      if (found === null) continue;
      if ('why' in found) unread.push(found);
      else if (!(await isKnown(conversationId, found)))
        added.push(await deps.keep({ conversationId, runId, ...found }));
    }
    return { added, unread };
  }

  function mentionsIn(text: string): { pages: Mention[]; issues: Mention[] } {
    const { pageIds, titledPages, namedPages, issueKeys } = findMentions(text, deps.urls);
    return {
      pages: [
        ...pageIds.map((id) => ({ name: `Page ${id}`, read: () => desk.pageById(id) })),
        ...titledPages.map(({ spaceKey, title }) => ({
          name: `“${title}” in ${spaceKey}`,
          read: () => desk.pageByTitle(spaceKey, title),
        })),
        ...namedPages.map((words) => ({
          name: `A page called “${words}”`,
          read: () => desk.pageByWords(words),
        })),
      ],
      issues: issueKeys.map((key) => ({ name: key, read: () => desk.issue(key), isGuess: true })),
    };
  }

  async function readOrSay({ name, read, isGuess }: Mention): Promise<ReadText | UnreadSource | null> {
    try {
      return (await read()) ?? (isGuess ? null : { name, why: absent });
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      log.warn({ err: error, outcome: 'failed' }, 'A source that a message names could not be read');
      return { name, why: error.message };
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

const untested = 'Confluence was not tested yet. Test it under Configurations.';
const absent = 'it is not there, or you may not see it.';
