import type { ToolRequest } from '../../../agent/ports.ts';
import type { DialectConfig } from '../../../contracts/config/config-file.ts';
import { jsonReader } from './json-path.ts';
import { createToolRequestReader } from './tool-requests.ts';

/** What an answer has told so far, besides its text. */
export interface AnswerState {
  /** JSON frames that were understood as JSON, whatever they held. */
  frames: number;
  /** Pieces that should have been JSON and were not. */
  malformed: number;
  /** The model said itself that it is done. */
  done: boolean;
  finishReason: string | null;
  /** The words of a refusal, or empty. */
  refusal: string;
  /** An error inside the answer: its sentence, and whatever tells of what kind it is. */
  error: { message: string; clues: string } | null;
  inputTokens: number | null;
  outputTokens: number | null;
}

export interface AnswerFrames {
  readonly state: AnswerState;
  /** What the model asks tools for, once the answer has ended. */
  toolRequests(): ToolRequest[];
  /** Takes one JSON frame and returns its piece of the text, often empty. */
  take(frame: unknown): string;
  /** Takes an error that came outside any frame, such as an SSE event named `error`. */
  fail(message: string): void;
}

/** Reads frames as the dialect describes them. */
export function createAnswerFrames(dialect: DialectConfig): AnswerFrames {
  const readDelta = jsonReader(dialect.deltaPath);
  const readRefusal = jsonReader(dialect.refusalPath);
  const readDone = jsonReader(dialect.donePath);
  const readFinish = jsonReader(dialect.finishPath);
  const readError = jsonReader(dialect.errorPath);
  const readErrorParent = jsonReader(
    dialect.errorPath?.includes('.') ? parentOf(dialect.errorPath) : undefined,
  );
  const readInput = jsonReader(dialect.inputTokensPath);
  const readOutput = jsonReader(dialect.outputTokensPath);
  const tools = dialect.tools && createToolRequestReader(dialect.tools);
  const state: AnswerState = {
    frames: 0,
    malformed: 0,
    done: false,
    finishReason: null,
    refusal: '',
    error: null,
    inputTokens: null,
    outputTokens: null,
  };

  function take(frame: unknown): string {
    state.frames += 1;
    const error = readError(frame);
    if (error !== undefined && error !== null && error !== '') {
      state.error ??= { message: textOf(error), clues: textOf(readErrorParent(frame) ?? frame) };
      return '';
    }
    const finish = readFinish(frame);
    if (typeof finish === 'string' && finish !== '') state.finishReason = finish;
    if (readDone(frame) === true) state.done = true;
    const refusal = readRefusal(frame);
    if (typeof refusal === 'string') state.refusal += refusal;
    const input = readInput(frame);
    if (typeof input === 'number') state.inputTokens = input;
    const output = readOutput(frame);
    if (typeof output === 'number') state.outputTokens = output;
    tools?.take(frame);
    const delta = readDelta(frame);
    return typeof delta === 'string' ? delta : '';
  }

  return {
    state,
    toolRequests: () => tools?.requests() ?? [],
    take,
    fail: (message) => {
      state.error ??= { message, clues: message };
    },
  };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
