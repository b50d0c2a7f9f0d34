import type { z } from 'zod';
import type { ChatModel, Clock } from '../../../agent/ports.ts';
import {
  clarifyAnswersSchema,
  draftAnswerSchema,
  splitAnswerSchema,
} from '../../../contracts/model-answer.ts';
import type { ModelFinding } from '../../../contracts/model-check.ts';
import { AppError } from '../../errors/app-error.ts';
import type { ProductConfig } from '../../settings/config-store.ts';
import { clarifyProbe, draftProbe, splitProbe, SPLIT_CRITERIA } from './self-test-prompts.ts';

export interface SelfTestDeps {
  model: ChatModel;
  /** Null where the model cannot say whose credential it got. */
  whoAmI: () => Promise<string | null>;
  product: ProductConfig;
  /** Tells how long an answer took. */
  clock: Clock;
  /** Ends the test: its reason is then thrown, and is no finding. */
  signal: AbortSignal;
}

/** How soon a stopped call must be over. */
const LONGEST_STOP_MS = 2_000;
/** Whoever waits less than this for the first words misses nothing, whether they were held back or the model is fast. */
const LONGEST_UNSTREAMED_MS = 1_000;
/** No model writes a story in so short a time: what comes within it was written before. */
const ONE_BURST_MS = 50;

/** Asks a model for everything that the agent will ask of it. Findings come as they are made; a failure is a finding. */
export async function* runSelfTest(deps: SelfTestDeps): AsyncGenerator<ModelFinding> {
  yield await finding('identity', () => checkIdentity(deps));
  yield await finding('stream', () => checkStream(deps));
  yield await finding('clarify', () => checkClarify(deps));
  yield await finding('draft', () => checkDraft(deps));
  yield await finding('split', () => checkSplit(deps));
  yield await finding('stop', () => checkStop(deps));
}

/** What a check found wrong, as a sentence. */
class Wrong extends Error {}

async function finding(check: ModelFinding['check'], run: () => Promise<string>): Promise<ModelFinding> {
  try {
    return { check, ok: true, sentence: await run() };
  } catch (error) {
    if (error instanceof AppError)
      return { check, ok: false, sentence: [error.message, error.hint].filter(Boolean).join(' ') };
    if (error instanceof Wrong) return { check, ok: false, sentence: error.message };
    throw error;
  }
}

async function checkIdentity({ whoAmI, product }: SelfTestDeps): Promise<string> {
  const identity = await whoAmI();
  if (identity !== null) return `The model knows the credential as ${identity}.`;
  if (product.config.llm.requireIdentity) {
    throw new Wrong(
      'The model cannot say whose credential it got: set llm.endpoints.whoami, or llm.requireIdentity to false.',
    );
  }
  return 'The model cannot say whose credential it got, which llm.requireIdentity allows.';
}

async function checkStream(deps: SelfTestDeps): Promise<string> {
  const { pieces, firstMs, lastMs, totalMs, text } = await ask(deps, 'draft', draftProbe(formatOf(deps)));
  const expectsStream = deps.product.config.llm.dialect.type !== 'json';
  if (expectsStream && text.length > 200 && lastMs - firstMs < ONE_BURST_MS) {
    if (firstMs > LONGEST_UNSTREAMED_MS) {
      throw new Wrong(
        `The whole answer came at once after ${seconds(firstMs)}: something between here and the model holds the stream back.`,
      );
    }
    return `The whole answer came after ${seconds(totalMs)}, too soon to see whether it streams.`;
  }
  return `The first words came after ${seconds(firstMs)}, all of the answer after ${seconds(totalMs)}, in ${pieces} pieces.`;
}

async function checkClarify(deps: SelfTestDeps): Promise<string> {
  const { questions } = readJson(await ask(deps, 'clarify', clarifyProbe()), clarifyAnswersSchema);
  if (questions.length > 3)
    throw new Wrong(`The model asked ${questions.length} questions where at most three are allowed.`);
  return questions[0]
    ? `The model asked ${questions.length} of at most three questions, such as “${questions[0].question}”`
    : 'The model had nothing to ask.';
}

async function checkDraft(deps: SelfTestDeps): Promise<string> {
  const { stories } = readJson(await ask(deps, 'draft', draftProbe(formatOf(deps))), draftAnswerSchema);
  const criteria = stories.flatMap(({ acceptanceCriteria }) => acceptanceCriteria);
  if (criteria.length === 0)
    throw new Wrong('The model drafted stories without a single acceptance criterion.');
  if (stories.every(({ storyPoints }) => storyPoints === null))
    throw new Wrong('The model drafted stories without story points.');
  const cited = criteria.filter(({ source }) => /^M1\.[1-3]$/.test(source)).length;
  return `The model drafted ${stories.length === 1 ? 'one story' : `${stories.length} stories`}; ${cited} of ${criteria.length} criteria name the sentence that they come from.`;
}

async function checkSplit(deps: SelfTestDeps): Promise<string> {
  const { children } = readJson(await ask(deps, 'split', splitProbe(formatOf(deps))), splitAnswerSchema);
  const taken = children.flatMap(({ criteria }) => criteria).toSorted((a, b) => a - b);
  const expected = Array.from({ length: SPLIT_CRITERIA }, (_, index) => index + 1);
  if (taken.join() !== expected.join()) {
    throw new Wrong(
      `The model split four criteria into children that hold ${taken.join(', ') || 'none'}; each must stand in exactly one.`,
    );
  }
  return `The model split one story into ${children.length}, and no criterion was lost or doubled.`;
}

async function checkStop(deps: SelfTestDeps): Promise<string> {
  const stop = new AbortController();
  let stoppedAt: number | null = null;
  const onDelta = () => {
    stoppedAt ??= deps.clock.now();
    stop.abort();
  };
  try {
    await deps.model.complete({
      ...promptFor(deps, 'draft', draftProbe(formatOf(deps))),
      signal: AbortSignal.any([deps.signal, stop.signal]),
      onDelta,
    });
  } catch (error) {
    if (!stop.signal.aborted || deps.signal.aborted) throw error;
    const afterMs = deps.clock.now() - (stoppedAt ?? 0);
    if (afterMs > LONGEST_STOP_MS) throw new Wrong(`A stopped call went on for ${seconds(afterMs)}.`);
    return 'A call that is stopped midway ends at once.';
  }
  return 'The answer was over before it could be stopped.';
}

interface Seen {
  text: string;
  cut: boolean;
  pieces: number;
  firstMs: number;
  lastMs: number;
  totalMs: number;
}

async function ask(deps: SelfTestDeps, type: ProbeType, prompt: string): Promise<Seen> {
  const startedAt = deps.clock.now();
  let pieces = 0;
  let firstMs = 0;
  let lastMs = 0;
  const onDelta = () => {
    lastMs = deps.clock.now() - startedAt;
    if (pieces === 0) firstMs = lastMs;
    pieces += 1;
  };
  const { text, cut } = await deps.model.complete({
    ...promptFor(deps, type, prompt),
    signal: deps.signal,
    onDelta,
  });
  return { text, cut, pieces, firstMs, lastMs, totalMs: deps.clock.now() - startedAt };
}

type ProbeType = 'clarify' | 'draft' | 'split';

function promptFor({ product }: SelfTestDeps, type: ProbeType, prompt: string) {
  const { systemInstructions, systemPrompts } = product.prompts;
  return {
    type,
    system: `${systemInstructions}\n\n${systemPrompts[type]}`,
    messages: [{ role: 'user' as const, content: prompt }],
  };
}

function formatOf({ product }: SelfTestDeps): string {
  return product.prompts.storyFormats[0]?.instructions ?? '';
}

/** The JSON object in an answer; a fence or a sentence around it is forgiven, as the agent forgives it. */
function readJson<T>({ text, cut }: Seen, schema: z.ZodType<T>): T {
  if (cut) throw new Wrong('The answer was cut off: raise llm.parameters.maxTokens.');
  const parsed = schema.safeParse(jsonIn(text));
  if (parsed.success) return parsed.data;
  const start = text.slice(0, 80).replaceAll(/\s+/g, ' ');
  throw new Wrong(`The answer is not the JSON that was asked for; it begins with “${start}”.`);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
