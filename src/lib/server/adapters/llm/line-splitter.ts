import { unreadableProblem } from '../http/network-problem.ts';

/** No line of an answer is this long; one that is would fill the memory. */
const LONGEST_LINE_CHARACTERS = 4 * 1024 * 1024;

/**
 * Cuts bytes into lines as they come: UTF-8 may be split anywhere, lines end with LF, CRLF or CR. `lastLine` gives what
 * stands after the last line end once the bytes are over.
 * @throws UpstreamError `llm_unreadable` from `split` when a line grows beyond 4 MiB.
 */
export function createLineSplitter() {
  const decoder = new TextDecoder();
  let rest = '';

  function split(chunk: Uint8Array, onLine: (line: string) => void): void {
    let text = rest + decoder.decode(chunk, { stream: true });
    // A CR at the very end may be half of a CRLF: it waits for what follows.
    const held = text.endsWith('\r') ? '\r' : '';
    if (text.includes('\r')) text = text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, '\n');
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      onLine(text.slice(start, end));
      start = end + 1;
    }
    rest = text.slice(start) + held;
    if (rest.length > LONGEST_LINE_CHARACTERS) throw unreadableProblem('llm', 'sent a line that never ends');
  }

  function lastLine(): string {
    const line = (rest + decoder.decode()).replace(/\r$/, '');
    rest = '';
    return line;
  }

  return { split, lastLine };
}
