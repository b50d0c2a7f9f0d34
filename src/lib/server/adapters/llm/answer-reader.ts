import type { DialectConfig } from '../../../contracts/config/config-file.ts';
import { unreadableProblem } from '../http/network-problem.ts';
import type { ToolRequest } from '../../../agent/ports.ts';
import type { AnswerFrames, AnswerState } from './answer-frames.ts';
import { createAnswerFrames } from './answer-frames.ts';
import { createLineSplitter } from './line-splitter.ts';
import { createSseReader } from './sse-reader.ts';

/** Turns the bytes of an answer into text as they come. */
export interface BodyReader {
  /** The text that this piece of the body completes; often several tokens, sometimes none. */
  read(chunk: Uint8Array): string;
  /** The body is over: what was still held back. */
  finish(): string;
}

export interface AnswerReader extends BodyReader {
  readonly state: Readonly<AnswerState>;
  /** What the model asks tools for, once the answer has ended. */
  toolRequests(): ToolRequest[];
}

/** The reader for a dialect. One reader reads one answer. */
export function createAnswerReader(dialect: DialectConfig): AnswerReader {
  const frames = createAnswerFrames(dialect);
  return { ...bodyReader(dialect, frames), state: frames.state, toolRequests: frames.toolRequests };
}

function bodyReader(dialect: DialectConfig, frames: AnswerFrames): BodyReader {
  switch (dialect.type) {
    case 'sse':
      return createSseReader(dialect, frames);
    case 'ndjson':
      return ndjsonReader(frames);
    case 'json':
      return jsonBodyReader(frames);
    case 'text':
      return textReader();
  }
}

function ndjsonReader(frames: AnswerFrames): BodyReader {
  const { split, lastLine } = createLineSplitter();
  const takeLine = (line: string) => (line.trim() === '' || frames.state.done ? '' : takeJson(line, frames));
  return {
    read(chunk) {
      let delta = '';
      split(chunk, (line) => {
        delta += takeLine(line);
      });
      return delta;
    },
    finish: () => takeLine(lastLine()),
  };
}

/** One JSON body is kept whole until it ends. */
const LONGEST_BODY_CHARACTERS = 8 * 1024 * 1024;

function jsonBodyReader(frames: AnswerFrames): BodyReader {
  const decoder = new TextDecoder();
  let body = '';
  return {
    read(chunk) {
      body += decoder.decode(chunk, { stream: true });
      if (body.length > LONGEST_BODY_CHARACTERS)
        throw unreadableProblem('llm', 'sent a JSON body that never ends');
      return '';
    },
    finish: () => takeJson(body + decoder.decode(), frames),
  };
}

function textReader(): BodyReader {
  const decoder = new TextDecoder();
  return { read: (chunk) => decoder.decode(chunk, { stream: true }), finish: () => decoder.decode() };
}

function takeJson(text: string, frames: AnswerFrames): string {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    frames.state.malformed += 1;
    return '';
  }
  return frames.take(frame);
}
