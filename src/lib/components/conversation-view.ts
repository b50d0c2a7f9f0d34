import type { ClarifyAnswer, ClarifyQuestion } from '../contracts/clarification.ts';
import type { Problem } from '../contracts/problem.ts';
import type {
  AgentStep,
  ConversationStatus,
  RunEnd,
  RunEventOf,
  TokenChannel,
} from '../contracts/run-event.ts';
import type { StoryDraft } from '../contracts/story.ts';

/** A step in words; the newest of the same id counts. */
export interface StepView {
  stepId: string;
  step: AgentStep;
  label: string;
  state: 'started' | 'done' | 'failed';
  startedAt: number;
  /** When it was done or failed. */
  endedAt: number | null;
}

/** What stands in the middle column, in the order in which it became final. */
export type TimelineEntry =
  | {
      kind: 'message';
      id: string;
      role: 'user' | 'assistant';
      text: string;
      number: number | null;
      cut: boolean;
      at: number;
    }
  | { kind: 'source'; id: string; source: RunEventOf<'source_added'>['body']; at: number }
  | {
      kind: 'work';
      id: string;
      runId: string;
      steps: StepView[];
      startedAt: number;
      endedAt: number | null;
      end: RunEnd | null;
      problem: Problem | null;
    }
  | {
      kind: 'clarification';
      id: string;
      interruptId: string;
      questions: ClarifyQuestion[];
      /** Null while it waits. Empty when a message was sent instead of answers. */
      answers: ClarifyAnswer[] | null;
      at: number;
    }
  | { kind: 'approval'; id: string; approvalId: string; draftIds: string[]; at: number };

/** Text that is arriving. It stands below the timeline until the event that carries its final form. */
export interface StreamView {
  streamId: string;
  channel: TokenChannel;
  text: string;
  state: 'streaming' | 'ended' | 'cut';
}

export interface ConversationState {
  conversationId: string;
  title: string;
  status: ConversationStatus;
  projectKey: string | null;
  timeline: TimelineEntry[];
  /** Oldest first. */
  streams: StreamView[];
  queued: { messageId: string; text: string }[];
  drafts: Readonly<Record<string, StoryDraft>>;
  /** How far the undoing of each approval has come. */
  undos: Readonly<Record<string, RunEventOf<'launch_undo'>['body']['issues']>>;
  openClarification: { interruptId: string; questions: ClarifyQuestion[] } | null;
  openReview: { interruptId: string; draftIds: string[] } | null;
  /** The run at work, or null. */
  running: { runId: string; startedAt: number } | null;
  /** How the last run ended, or null before the first. */
  lastEnd: { end: RunEnd; problem: Problem | null } | null;
  lastSeq: number;
  /** An event was missed: whoever applies events asks again from `lastSeq`. */
  gap: boolean;
}
