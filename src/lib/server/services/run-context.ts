import type {
  BacklogSearch,
  ChatModel,
  Clock,
  Ids,
  IssueTracker,
  RunContext,
  SourceReader,
  ToolModel,
  Transcript,
  WritingSettings,
} from '../../agent/ports.ts';
import type { Logger } from 'pino';
import type { RunClaim } from '../repositories/run-rows.ts';
import type { DraftBookService } from './draft-book.ts';
import type { Journal, JournalWriter } from './journal.ts';
import type { Actor } from './services.ts';

/** What a run needs of the world outside, made for one person when the run starts. */
export interface RunMeans {
  modelFor(actor: Actor, run: RunClaim): Promise<ChatModel>;
  /** Null where the configured model cannot ask for tools. */
  toolModelFor(actor: Actor, run: RunClaim): ToolModel | null;
  trackerFor(actor: Actor): Promise<IssueTracker>;
  sourceReaderFor(actor: Actor): Promise<SourceReader>;
  backlogFor(actor: Actor): Promise<BacklogSearch>;
  writingSettingsFor(actor: Actor, conversationId: string): Promise<WritingSettings>;
}

export interface RunContextDeps {
  means: RunMeans;
  transcript: Transcript;
  drafts: Pick<DraftBookService, 'forRun'>;
  journal: Pick<Journal, 'write' | 'writeToken'>;
  /** Names a conversation, unless its person already did. */
  rename(conversationId: string, title: string): void;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

/** Everything that one run works with. What it says goes to the journal under the run's claim. */
export async function createRunContext(
  { means, transcript, drafts, journal, rename, clock, ids, log }: RunContextDeps,
  { actor, writer, signal }: { actor: Actor; writer: JournalWriter; signal: AbortSignal },
): Promise<RunContext> {
  const { run, conversationId } = writer;
  const [settings, model, tracker, sources, backlog] = await Promise.all([
    means.writingSettingsFor(actor, conversationId),
    means.modelFor(actor, run),
    means.trackerFor(actor),
    means.sourceReaderFor(actor),
    means.backlogFor(actor),
  ]);
  return {
    conversationId,
    runId: run.runId,
    signal,
    model,
    toolModel: means.toolModelFor(actor, run),
    transcript,
    drafts: drafts.forRun(run),
    sources,
    tracker,
    backlog,
    settings,
    tokens: {
      push: (streamId, channel, delta) => journal.writeToken(writer, streamId, channel, delta),
      end: (streamId, channel, { text, cut }) =>
        journal.write(writer, { type: 'stream_ended', body: { streamId, channel, text, cut } }),
    },
    clock,
    ids,
    emit: (event) => journal.write(writer, event),
    warn(error, what) {
      const { requestId, userId } = actor;
      const whose = { x_request_id: requestId, user_id: userId, run_id: run.runId };
      log.warn({ err: error, ...whose, outcome: 'failed' }, what);
    },
    rename: (title) => rename(conversationId, title),
    step(step, label) {
      const stepId = ids.next();
      const startedAt = clock.now();
      journal.write(writer, { type: 'step', body: { stepId, step, label, state: 'started' } });
      return (outcome) => {
        const state = outcome?.failed ? 'failed' : 'done';
        journal.write(writer, {
          type: 'step',
          body: { stepId, step, label: outcome?.label ?? label, state, startedAt },
        });
      };
    },
  };
}
