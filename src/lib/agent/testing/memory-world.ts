import { ruleDefaultsSchema } from '../../contracts/config/config-file.ts';
import { callTypes } from '../../contracts/model-answer.ts';
import type { NewRunEvent } from '../../contracts/run-event.ts';
import type {
  AnsweredQuestion,
  ChatModel,
  RunContext,
  RunInput,
  Source,
  TranscriptMessage,
  WritingSettings,
} from '../ports.ts';
import { readings, type Reading } from '../ports.ts';
import { memoryDraftBook, type MemoryDraftBook } from './memory-draft-book.ts';

/** One conversation's world in memory: everything that the ports promise, and a record of what the agent did. */
export interface MemoryWorld {
  drafts: MemoryDraftBook;
  messages: TranscriptMessage[];
  answers: AnsweredQuestion[];
  sources: Source[];
  /** What was emitted, in order. */
  events: NewRunEvent[];
  /** What was streamed, by stream. */
  streams: Map<
    string,
    { channel: string; text: string; ended: { text: string | null; cut: boolean } | null }
  >;
  steps: string[];
  titles: string[];
  /** What operators were told of, in order. */
  warnings: string[];
  /** Approvals that reached the tracker, and the drafts that each one names. */
  approved: Map<string, string[]>;
  created: string[];
  /** Texts that the source reader and the backlog were asked about. */
  gathered: string[];
  settings: WritingSettings;
  /** The model as one that asks for tools; null: it cannot. */
  toolModel: RunContext['toolModel'];
  /** What the person's tools offer to read. */
  readable: Reading[];
  /** What stands in the one issue that can be read. */
  issueDescription: string;
  /** What was read through the port for questions, in order. */
  read: string[];
  /** What the next calls of a port do instead, to let them fail. */
  faults: { prepare?: Error; gather?: Error; search?: Error; read?: Error };
  /** The person says something: it is in the transcript, and this is the input of its run. */
  says(text: string, draftIds?: string[]): RunInput;
  context(model: ChatModel, signal?: AbortSignal): RunContext;
  /** What the assistant said, in order. */
  said(): string[];
}

export function memoryWorld(): MemoryWorld {
  let lastId = 0;
  const ids = { next: () => `id${(lastId += 1)}` };
  const world: MemoryWorld = {
    drafts: memoryDraftBook(ids),
    messages: [],
    answers: [],
    sources: [],
    events: [],
    streams: new Map(),
    steps: [],
    titles: [],
    warnings: [],
    approved: new Map(),
    created: [],
    gathered: [],
    settings: writingSettings(),
    toolModel: null,
    readable: [...readings],
    issueDescription: 'Orders leave as CSV.',
    read: [],
    faults: {},
    says(text, draftIds = []) {
      const messageId = ids.next();
      const number = world.messages.filter(({ role }) => role === 'user').length + 1;
      world.messages.push({ messageId, role: 'user', text, number });
      return { kind: 'message', messageId, text, draftIds };
    },
    said: () => world.messages.filter(({ role }) => role === 'assistant').map(({ text }) => text),
    context: (model, signal = new AbortController().signal) => ({
      conversationId: 'conversation',
      runId: ids.next(),
      signal,
      model,
      toolModel: world.toolModel,
      transcript: {
        messages: async () => [...world.messages],
        answers: async () => [...world.answers],
        sources: async () => [...world.sources],
      },
      drafts: world.drafts,
      sources: {
        pointsAtSomething: (text) => /https:|[A-Z]+-[0-9]+/.test(text),
        async gather({ text }) {
          world.gathered.push(text);
          if (world.faults.gather) throw world.faults.gather;
          return { added: [], unread: [] };
        },
      },
      tracker: tracker(world),
      backlog: backlog(world),
      settings: world.settings,
      tokens: tokens(world),
      clock: { now: () => 0 },
      ids,
      warn: (_error, what) => world.warnings.push(what),
      rename: (title) => world.titles.push(title),
      emit(event) {
        world.events.push(event);
        if (event.type === 'message_added') world.messages.push({ ...event.body });
      },
      step(_step, label) {
        world.steps.push(label);
        return (outcome) => {
          if (outcome?.label && outcome.label !== label) world.steps.push(outcome.label);
          if (outcome?.failed) world.steps.push(`${label}: failed`);
        };
      },
    }),
  };
  return world;
}

function tracker(world: MemoryWorld): RunContext['tracker'] {
  return {
    async prepare({ draftIds }) {
      if (world.faults.prepare) throw world.faults.prepare;
      return world.drafts.drafts.filter(({ id }) => draftIds.includes(id));
    },
    async create({ approvalId }) {
      const created = (world.approved.get(approvalId) ?? []).map((draftId) => {
        if (!world.created.includes(draftId)) world.created.push(draftId);
        world.drafts.setStatus(draftId, 'created');
        return {
          draftId,
          key: `DEMO-${world.created.indexOf(draftId) + 100}`,
          url: `http://jira/browse/${draftId}`,
        };
      });
      return { created, failed: [], unknown: [] };
    },
  };
}

function backlog(world: MemoryWorld): RunContext['backlog'] {
  const issue = () => ({
    key: 'DEMO-7',
    url: 'http://jira/browse/DEMO-7',
    issueType: 'Story',
    summary: 'Export orders',
    description: world.issueDescription,
    status: 'Open',
    labels: ['exports'],
  });
  const page = {
    id: '70',
    title: 'Exports',
    url: 'http://wiki/70',
    paragraphs: ['Exports are kept for ten years.'],
  };
  const reading = <T>(what: string, found: T) => {
    world.read.push(what);
    if (world.faults.read) throw world.faults.read;
    return found;
  };
  return {
    async issuesAbout() {
      if (world.faults.search) throw world.faults.search;
      return [issue()];
    },
    pagesAbout: async () => [],
    readable: async () => world.readable,
    searchIssues: async ({ jql }) => reading(`search ${jql}`, [issue()]),
    issue: async (key) => reading(`issue ${key}`, key === 'DEMO-7' ? issue() : null),
    projects: async () => reading('projects', [{ key: 'DEMO', name: 'Demo' }]),
    searchPages: async ({ cql }) => reading(`pages ${cql}`, [page]),
    page: async (pageId) => reading(`page ${pageId}`, page),
  };
}

function tokens(world: MemoryWorld): RunContext['tokens'] {
  return {
    push(streamId, channel, delta) {
      const stream = world.streams.get(streamId) ?? { channel, text: '', ended: null };
      world.streams.set(streamId, { ...stream, text: stream.text + delta });
    },
    end(streamId, channel, ended) {
      const stream = world.streams.get(streamId) ?? { channel, text: '', ended: null };
      world.streams.set(streamId, { ...stream, ended });
    },
  };
}

function writingSettings(): WritingSettings {
  return {
    projectKey: 'DEMO',
    format: {
      id: 'classic',
      name: 'Classic',
      kind: 'classic',
      instructions: 'As a / I want / so that',
      sections: [],
    },
    customPrompt: null,
    issueType: 'Story',
    epicKey: null,
    rules: ruleDefaultsSchema.parse({}),
    language: 'en',
    contextTokens: 16_000,
    toolHints: [],
    systemInstructions: 'You write stories.',
    systemPrompts: Object.fromEntries(
      callTypes.map((type) => [type, `Do ${type}.`]),
    ) as WritingSettings['systemPrompts'],
  };
}
