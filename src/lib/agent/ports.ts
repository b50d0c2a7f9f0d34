import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { ClarifyAnswer, ClarifyQuestion } from '../contracts/clarification.ts';
import type { RuleSettings } from '../contracts/config/config-file.ts';
import type { CustomPrompt, StoryFormat } from '../contracts/config/template-files.ts';
import type { CallType } from '../contracts/model-answer.ts';
import type { AgentStep, NewRunEvent, TokenChannel } from '../contracts/run-event.ts';
import type { DraftConflict, ExtraFields, RuleResult, StoryContent, StoryDraft } from '../contracts/story.ts';

/** What the agent needs of the world. The server implements these; the agent knows no web, database, MCP or Jira. */

/** A tool as a model is told of it. */
export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema of its input. */
  parameters: Record<string, unknown>;
}

/** What a model asks a tool for. Nothing in it is to be trusted. */
export interface ToolRequest {
  id: string;
  name: string;
  /** JSON, as the model wrote it. */
  input: string;
}

export type PromptMessage =
  | { role: 'user'; content: string }
  | { role: 'assistant'; content: string; toolRequests?: readonly ToolRequest[] }
  /** What a tool gave for one request. */
  | { role: 'tool'; content: string; requestId: string; tool: string };

export interface ModelCall {
  type: CallType;
  system: string;
  messages: PromptMessage[];
  /** What the model may ask for, where it can; absent: nothing. */
  tools?: readonly ToolSpec[];
  signal: AbortSignal;
  /** Called with each piece of text as it arrives, in order. It must not throw and does not wait. */
  onDelta?: (delta: string) => void;
}

export interface ModelAnswer {
  text: string;
  /** The answer broke off at a length limit or with the connection; `text` is what came. */
  cut: boolean;
  inputTokens: number | null;
  outputTokens: number | null;
  /** What it asks tools for before it goes on; absent: nothing. Only where tools were offered. */
  toolRequests?: ToolRequest[];
}

/** The company's model with one person's credential. Rejects with an UpstreamError, or with the signal's reason. */
export interface ChatModel {
  complete(call: ModelCall): Promise<ModelAnswer>;
}

export interface TranscriptMessage {
  messageId: string;
  role: 'user' | 'assistant';
  text: string;
  /** The nth message of the person; null for the assistant. */
  number: number | null;
}

export interface AnsweredQuestion extends ClarifyQuestion {
  /** Null means skipped. A message that answers several questions at once is the answer to each. */
  answer: string | null;
}

export interface Source {
  sourceId: string;
  /** `S1`, `S2` ... */
  ref: string;
  kind: 'page' | 'issue' | 'text' | 'file';
  title: string;
  version: string | null;
  url: string | null;
  paragraphs: string[];
}

/** What was said and read in one conversation so far. */
export interface Transcript {
  messages(conversationId: string): Promise<TranscriptMessage[]>;
  answers(conversationId: string): Promise<AnsweredQuestion[]>;
  sources(conversationId: string): Promise<Source[]>;
}

/** What an agent wants kept of one draft. Without `draftId` it is a new draft. */
export interface DraftProposal {
  draftId?: string;
  /**
   * The id that a new draft gets. Saved again under it (a run that is repeated after a crash), it becomes a new
   * version of that draft and never a second draft.
   */
  newDraftId?: string;
  /** The version that `content` was merged with. */
  baseVersion?: number;
  parentId: string | null;
  position: number;
  content: StoryContent;
  rules: RuleResult[];
  /** Places where the person has to choose; absent: none. */
  conflicts?: DraftConflict[];
}

/** One version of one draft, and whose hand it is. */
export interface DraftVersion {
  version: number;
  author: 'agent' | 'person';
  content: StoryContent;
}

/** The drafts of one conversation, versioned. Every save publishes `draft_saved`. */
export interface DraftBook {
  /** Live drafts in order: not the discarded ones. */
  list(conversationId: string): Promise<StoryDraft[]>;
  /** Every version of one draft, oldest first. */
  history(conversationId: string, draftId: string): Promise<DraftVersion[]>;
  /**
   * Saves all or nothing; returns the drafts in the order of the proposals. A person's newer edits are never
   * overwritten: where a draft has a version newer than `baseVersion`, it rejects with an error whose `code` is
   * `draft_overtaken`; the agent then merges with the newest version and saves again. Where a draft may no longer
   * change, the code is `draft_settled` (approved, created) or `draft_missing` (discarded).
   */
  save(conversationId: string, runId: string, proposals: DraftProposal[]): Promise<StoryDraft[]>;
  /** Marks a parent whose children carry its criteria from now on. */
  markSplit(conversationId: string, runId: string, draftId: string): Promise<void>;
}

/** Reads pages and issues that a message points at. Its text is data, never instruction. */
export interface SourceReader {
  /** Whether there is anything in the text to read: a link, an issue key, a page by its name. Quick. */
  pointsAtSomething(text: string): boolean;
  /** Reads what the text links to, stores each as a source, returns the new ones and what could not be read. */
  gather(input: {
    conversationId: string;
    runId: string;
    text: string;
    signal: AbortSignal;
  }): Promise<{ added: Source[]; unread: UnreadSource[] }>;
}

/** Both are for the person: what they named, and why it was not read, as the end of a sentence. */
export interface UnreadSource {
  name: string;
  why: string;
}

/** Jira through MCP with the person's own token. */
export interface IssueTracker {
  /** Fills `posting` (exact arguments, hash, missing fields) and `similar` of the named drafts. */
  prepare(input: {
    conversationId: string;
    runId: string;
    draftIds: string[];
    signal: AbortSignal;
  }): Promise<StoryDraft[]>;
  /** Creates what an approval names, story by story, through the creation-intent journal: never blindly twice. */
  create(input: {
    conversationId: string;
    runId: string;
    approvalId: string;
    signal: AbortSignal;
  }): Promise<CreationSummary>;
}

export interface CreationSummary {
  created: { draftId: string; key: string; url: string }[];
  failed: string[];
  unknown: string[];
}

/** What can be read of the backlog through a person's tools. None of it writes. */
export const readings = ['searchIssues', 'getIssue', 'listProjects', 'searchPages', 'getPage'] as const;
export type Reading = (typeof readings)[number];

export interface BacklogIssue {
  key: string;
  url: string;
  issueType: string;
  summary: string;
  description: string;
  status: string;
  labels: string[];
}

export interface BacklogPage {
  id: string;
  title: string;
  url: string;
}

/** Answers questions about the backlog with the person's own token, by reading and in no other way. */
export interface BacklogSearch {
  /** Issues that share words with a text, those with most in common first. */
  issuesAbout(input: {
    text: string;
    projectKey: string | null;
    limit: number;
    signal: AbortSignal;
  }): Promise<BacklogIssue[]>;
  /** Pages that share words with a text, with what stands on them. Empty where no pages can be read. */
  pagesAbout(input: {
    text: string;
    limit: number;
    signal: AbortSignal;
  }): Promise<(BacklogPage & { paragraphs: string[] })[]>;
  /** What the person's tools offer at this moment. A server that is away offers nothing; it does not reject. */
  readable(): Promise<Reading[]>;
  searchIssues(input: { jql: string; limit: number; signal: AbortSignal }): Promise<BacklogIssue[]>;
  /** Null when it is not there or not visible. */
  issue(key: string): Promise<BacklogIssue | null>;
  projects(): Promise<{ key: string; name: string }[]>;
  searchPages(input: { cql: string; limit: number; signal: AbortSignal }): Promise<BacklogPage[]>;
  page(pageId: string, signal: AbortSignal): Promise<BacklogPage & { paragraphs: string[] }>;
}

/**
 * The same model as LangChain drives it: it takes tools and asks for them. `onDelta` is told each piece of text, in
 * order and at once.
 */
export type ToolModel = (onDelta: (delta: string) => void) => BaseChatModel;

/** Where text goes on its way to people, beside the graph: a call costs well under a microsecond. */
export interface TokenSink {
  push(streamId: string, channel: TokenChannel, delta: string): void;
  /** Ends the stream. `text`: what it came to, where no other event carries it. */
  end(streamId: string, channel: TokenChannel, outcome: { text: string | null; cut: boolean }): void;
}

export interface Clock {
  now(): number;
}

export interface Ids {
  /** A new ULID. */
  next(): string;
}

/** How this person wants stories written, read when a run starts. */
export interface WritingSettings {
  projectKey: string;
  format: StoryFormat;
  customPrompt: CustomPrompt | null;
  issueType: string;
  epicKey: string | null;
  rules: RuleSettings;
  /** BCP 47, such as `en`. */
  language: string;
  /** Prompts are kept below this many tokens. */
  contextTokens: number;
  /** What the person's tools can do, as sentences for the model. */
  toolHints: string[];
  systemInstructions: string;
  systemPrompts: Record<Exclude<CallType, 'whoami'>, string>;
}

/** What a run works with: one person, one conversation, one stretch of work. */
export interface RunContext {
  conversationId: string;
  runId: string;
  signal: AbortSignal;
  model: ChatModel;
  /** Null where the configured model cannot ask for tools. */
  toolModel: ToolModel | null;
  transcript: Transcript;
  drafts: DraftBook;
  sources: SourceReader;
  tracker: IssueTracker;
  backlog: BacklogSearch;
  settings: WritingSettings;
  tokens: TokenSink;
  clock: Clock;
  ids: Ids;
  /** Appends to the journal, published once committed. */
  emit(event: NewRunEvent): void;
  /** For whoever operates the product: `what` failed, and the run goes on without it. */
  warn(error: unknown, what: string): void;
  /** Names the conversation, unless a person already did. */
  rename(title: string): void;
  /** A step in words; returns the call that ends it. */
  step(step: AgentStep, label: string): (outcome?: { label?: string; failed?: boolean }) => void;
}

/** What starts or resumes a run. */
export type RunInput =
  | { kind: 'message'; messageId: string; text: string; draftIds: string[] }
  | { kind: 'answers'; interruptId: string; answers: ClarifyAnswer[] }
  | { kind: 'approval'; interruptId: string; approvalId: string };

/** Where a run came to rest. */
export type RunOutcome =
  | { end: 'waiting'; interrupt: { kind: 'clarify'; interruptId: string; questions: ClarifyQuestion[] } }
  | { end: 'waiting'; interrupt: { kind: 'review'; interruptId: string; draftIds: string[] } }
  | { end: 'completed' };

export type { ExtraFields };
