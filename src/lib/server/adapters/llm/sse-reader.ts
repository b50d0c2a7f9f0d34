import type { DialectConfig } from '../../../contracts/config/config-file.ts';
import type { AnswerFrames } from './answer-frames.ts';
import type { BodyReader } from './answer-reader.ts';
import { createLineSplitter } from './line-splitter.ts';

/**
 * Reads server-sent events (HTML Living Standard, section 9.2.6). A JSON object is taken as soon as its last data line
 * is there and not only at the blank line, so that a gateway that leaves blank lines out still streams. Without a
 * deltaPath the data itself is the text.
 */
export function createSseReader(dialect: DialectConfig, frames: AnswerFrames): BodyReader {
  const { split, lastLine } = createLineSplitter();
  const plainText = dialect.deltaPath === undefined;
  let delta = '';
  /** Data lines of the event that is still open. */
  let open: string | null = null;
  let event = '';

  function takeLine(line: string): void {
    if (frames.state.done) return;
    if (line === '') return endEvent();
    const colon = line.indexOf(':');
    // A comment: keep-alives are sent as such.
    if (colon === 0) return;
    if (colon === -1) return takeStranger(line);
    const value = line.slice(line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1);
    const field = line.slice(0, colon);
    if (field === 'data') takeData(value);
    else if (field === 'event') event = value;
    else if (field !== 'id' && field !== 'retry') takeStranger(line);
  }

  function takeData(value: string): void {
    if (value === dialect.doneMarker) {
      endEvent();
      frames.state.done = true;
      return;
    }
    open = open === null ? value : `${open}\n${value}`;
    if (plainText || open.charCodeAt(0) !== OPENING_BRACE) return;
    const frame = parseObject(open);
    if (frame === undefined) return;
    open = null;
    takeFrame(frame);
  }

  function endEvent(): void {
    if (open !== null) takeWhole(open);
    open = null;
    event = '';
  }

  /** What is still open at the end of an event: plain text, or JSON that is broken or no object. */
  function takeWhole(text: string): void {
    if (event === 'error') frames.fail(text);
    else if (plainText) delta += text;
    else if (text !== '') frames.state.malformed += 1;
  }

  function takeFrame(frame: object): void {
    delta += frames.take(frame);
    if (event === 'error' && frames.state.error === null) frames.fail(JSON.stringify(frame));
  }

  function takeStranger(line: string): void {
    if (line.trim() !== '') frames.state.malformed += 1;
  }

  function taken(): string {
    const text = delta;
    delta = '';
    return text;
  }

  return {
    read(chunk) {
      split(chunk, takeLine);
      return taken();
    },
    finish() {
      // The standard drops an event that the end cuts off. Its data counts here if it is whole.
      takeLine(lastLine());
      if (plainText) endEvent();
      return taken();
    },
  };
}

const SPACE = 32;
const OPENING_BRACE = 123;

function parseObject(text: string): object | undefined {
  // Cheaper than a failing parse for every line but the last of a pretty-printed object.
  if (!text.trimEnd().endsWith('}')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
