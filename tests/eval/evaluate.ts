import type { ChatModel, DraftProposal, RunInput, RunOutcome } from '../../src/lib/agent/ports.ts';
import { agentHarness } from '../../src/lib/agent/testing/agent-harness.ts';
import type { MemoryWorld } from '../../src/lib/agent/testing/memory-world.ts';
import type { StoryDraft } from '../../src/lib/contracts/story.ts';
import { CompanyChatModel } from '../../src/lib/server/adapters/company-chat-model.ts';
import type { ProductConfig } from '../../src/lib/server/settings/config-store.ts';
import { recordedModel, type RecordedCall } from './recorded-model.ts';
import type { EvalRequirement } from './requirements.ts';

/** What one text came to. Times are in milliseconds. */
export interface Evaluation {
  id: string;
  /** Null: it came to a review; else why not. */
  failure: string | null;
  questions: number;
  /** Stories as first written, before any was split. */
  drafted: number;
  /** Of them, readable at the first answer and within every rule but size, which leads to a split and no repair. */
  validAtFirst: number;
  /** Answers that had to be asked for again to be read, or to be whole. */
  formRepairs: number;
  /** Stories that had to be mended because of a rule. */
  ruleRepairs: number;
  /** Stories that can be created in the end, and what is left to mend in them. */
  stories: number;
  violationsLeft: number;
  criteria: number;
  /** Of them, with a source that code could resolve; the others are marked as assumptions. */
  criteriaWithSource: number;
  splits: number;
  /** Of them, with every criterion in exactly one child at the first answer. */
  splitsWholeAtFirst: number;
  /** Every criterion of each split story is in exactly one child. Code sees to it: false is a fault of ours. */
  conserved: boolean;
  firstTokenMs: number | null;
  totalMs: number;
  inputTokens: number | null;
  outputTokens: number | null;
}

/** Takes one text through the whole graph, from the message to the review, with every question skipped. */
export async function evaluate(
  requirement: EvalRequirement,
  model: ChatModel,
  product: ProductConfig,
): Promise<Evaluation> {
  const harness = agentHarness();
  const { world } = harness;
  const { model: recorded, calls } = recordedModel(model);
  prepare(world, requirement, product);
  const firstSaves = watchFirstSaves(world);
  const startedAt = performance.now();
  let failure: string | null = null;
  let questions = 0;
  try {
    const asked = await harness.run(world.says(requirement.text), harness.context(recorded));
    questions = questionsOf(asked);
    const outcome = await skipQuestions(asked, world, (input) =>
      harness.run(input, harness.context(recorded)),
    );
    if (outcome.end !== 'waiting' || outcome.interrupt.kind !== 'review')
      failure = world.said().at(-1) ?? outcome.end;
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const totalMs = Math.round(performance.now() - startedAt);
  const { drafts } = world.drafts;
  const ready = drafts.filter(({ status }) => status === 'proposed');
  const split = drafts.filter(({ status }) => status === 'split');
  const criteria = ready.flatMap(({ content }) => content.acceptanceCriteria);
  const result: Evaluation = {
    id: requirement.id,
    failure,
    questions,
    drafted: firstSaves.length,
    validAtFirst: count(calls, 'draft', true) > 0 ? 0 : firstSaves.filter(isValid).length,
    formRepairs: calls.filter(({ isRepair }) => isRepair).length,
    ruleRepairs: count(calls, 'repair', false),
    stories: ready.length,
    violationsLeft: ready.flatMap(({ rules }) => rules).filter(({ outcome }) => outcome === 'violation')
      .length,
    criteria: criteria.length,
    criteriaWithSource: criteria.filter(({ source }) => source.kind !== 'assumption').length,
    splits: split.length,
    splitsWholeAtFirst: Math.max(0, split.length - count(calls, 'split', true)),
    conserved: split.every((parent) => isConserved(parent, drafts)),
    firstTokenMs: calls[0]?.firstTokenMs ?? null,
    totalMs,
    inputTokens: sum(calls.map((call) => call.inputTokens)),
    outputTokens: sum(calls.map((call) => call.outputTokens)),
  };
  harness.dispose();
  return result;
}

/** Whether the model looks something up when it is asked, names what it read, and nothing that it did not. */
export interface LookUpEvaluation {
  question: string;
  readings: number;
  namesWhatItRead: boolean;
  namesWhatNobodyRead: boolean;
  totalMs: number;
}

/** Null where the configured model is offered no tools. */
export async function evaluateLookUp(
  model: ChatModel,
  product: ProductConfig,
): Promise<LookUpEvaluation | null> {
  const { endpoints, dialect } = product.config.llm;
  if (!((endpoints.converse ?? endpoints.default).dialect ?? dialect).tools) return null;
  const harness = agentHarness();
  const { world } = harness;
  const question = 'What do we already have on exports?';
  prepare(world, { id: 'look-up', tries: '', text: question }, product);
  world.toolModel = (onDelta) => new CompanyChatModel({ model, onDelta });
  const startedAt = performance.now();
  await harness.run(world.says(question), harness.context(model));
  const answer = world.said().at(-1) ?? '';
  harness.dispose();
  return {
    question,
    readings: world.read.length,
    namesWhatItRead: answer.includes('Read for this answer'),
    namesWhatNobodyRead: answer.includes('Not read, so check'),
    totalMs: Math.round(performance.now() - startedAt),
  };
}

/** The memory world with what the model is really told. */
function prepare(
  world: MemoryWorld,
  { sources = [] }: EvalRequirement,
  { config, prompts }: ProductConfig,
): void {
  const [format] = prompts.storyFormats;
  Object.assign(world.settings, {
    ...(format ? { format } : {}),
    rules: config.rules,
    language: 'auto',
    contextTokens: config.llm.parameters.contextTokens,
    systemInstructions: prompts.systemInstructions,
    systemPrompts: prompts.systemPrompts,
  });
  world.sources.push(
    ...sources.map(({ title, paragraphs }, index) => ({
      sourceId: `source-${index + 1}`,
      ref: `S${index + 1}`,
      kind: 'page' as const,
      title,
      version: '1',
      url: `http://wiki.example/${index + 1}`,
      paragraphs,
    })),
  );
}

/** New drafts as they were saved first, whatever became of them. */
function watchFirstSaves(world: MemoryWorld): DraftProposal[] {
  const firstSaves: DraftProposal[] = [];
  const { save } = world.drafts;
  world.drafts.save = (conversationId, runId, proposals) => {
    firstSaves.push(
      ...proposals.filter(({ draftId, parentId }) => draftId === undefined && parentId === null),
    );
    return save(conversationId, runId, proposals);
  };
  return firstSaves;
}

/** Too many points lead to a split: no fault of the text. */
function isValid({ rules }: DraftProposal): boolean {
  return rules.every(({ outcome, ruleId }) => outcome !== 'violation' || ruleId === 'story_points');
}

function questionsOf(outcome: RunOutcome): number {
  return outcome.end === 'waiting' && outcome.interrupt.kind === 'clarify'
    ? outcome.interrupt.questions.length
    : 0;
}

async function skipQuestions(
  asked: RunOutcome,
  world: MemoryWorld,
  run: (input: RunInput) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  if (asked.end !== 'waiting' || asked.interrupt.kind !== 'clarify') return asked;
  const { interruptId, questions } = asked.interrupt;
  world.answers.push(...questions.map((question) => ({ ...question, answer: null })));
  return run({
    kind: 'answers',
    interruptId,
    answers: questions.map(({ id }) => ({ questionId: id, text: null })),
  });
}

function isConserved(parent: StoryDraft, drafts: readonly StoryDraft[]): boolean {
  const held = drafts
    .filter(({ parentId }) => parentId === parent.id)
    .flatMap(({ content }) => content.acceptanceCriteria.map(({ id }) => id));
  const wanted = parent.content.acceptanceCriteria.map(({ id }) => id);
  return (
    held.length === wanted.length && wanted.every((id) => held.filter((other) => other === id).length === 1)
  );
}

function count(calls: readonly RecordedCall[], type: RecordedCall['type'], isRepair: boolean): number {
  return calls.filter((call) => call.type === type && call.isRepair === isRepair).length;
}

function sum(numbers: readonly (number | null)[]): number | null {
  const told = numbers.filter((number): number is number => number !== null);
  return told.length === 0 ? null : told.reduce((total, number) => total + number, 0);
}
