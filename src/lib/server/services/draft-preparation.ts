import type { Logger } from 'pino';
import { AppError } from '../errors/app-error.ts';
import { problemOf } from '../errors/problem-of.ts';
import type { DraftBookService } from './draft-book.ts';
import type { Actor } from './services.ts';

interface DraftPreparationDeps {
  drafts: Pick<DraftBookService, 'find' | 'savePosting'>;
  /** Fills posting and similar issues of the named drafts; issue creation offers it. */
  prepare(
    actor: Actor,
    input: { conversationId: string; draftIds: string[]; signal: AbortSignal },
  ): Promise<unknown>;
  log: Logger;
}

/**
 * Prepares edited drafts beside the person's work: an edit is saved at once, and what would be posted follows. Where
 * it cannot be prepared (Jira is down, the token expired) the card says so and keeps the edit.
 */
export function createDraftPreparation({ drafts, prepare, log }: DraftPreparationDeps) {
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();

  return {
    start(actor: Actor, conversationId: string, draftIds: string[]): void {
      const work = prepareOrSay(actor, conversationId, draftIds).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    /** Resolves when nothing is being prepared. */
    async idle(): Promise<void> {
      await Promise.all(underWay);
    },
    async dispose(): Promise<void> {
      closing.abort();
      await Promise.all(underWay);
    },
  };

  async function prepareOrSay(actor: Actor, conversationId: string, draftIds: string[]): Promise<void> {
    try {
      await prepare(actor, { conversationId, draftIds, signal: closing.signal });
    } catch (error) {
      if (closing.signal.aborted) return;
      const fields = { err: error, x_request_id: actor.requestId, user_id: actor.userId };
      if (error instanceof AppError) log.warn(fields, 'Drafts could not be prepared.');
      else log.error(fields, 'Drafts could not be prepared, unexpectedly.');
      await Promise.all(draftIds.map((draftId) => say(error, actor, conversationId, draftId)));
    }
  }

  async function say(
    error: unknown,
    { requestId }: Actor,
    conversationId: string,
    draftId: string,
  ): Promise<void> {
    const found = await drafts.find(conversationId, draftId);
    if (!found) return;
    const { id, version, similar } = found.draft;
    await drafts
      .savePosting(id, version, { posting: null, similar, problem: problemOf(error, requestId) })
      .catch((failure: unknown) =>
        log.error({ err: failure }, 'The failure of a preparation could not be stored.'),
      );
  }
}
