import { afterEach, expect, it } from 'vitest';
import { parseLog } from '../../../../tests/support/log-line.ts';
import { createLogger } from '../observability/logger.ts';
import { createRedactor } from '../security/redaction.ts';
import { sendConsoleToLog } from './console-to-log.ts';

let undo: () => void = () => undefined;
afterEach(() => undo());

it('What a package prints becomes lines of the log, with secrets taken out', () => {
  const written: string[] = [];
  const redactor = createRedactor();
  redactor.register('practice-alice-5e1c0f9a3b7d');
  const destination = { write: (line: string) => void written.push(line) };
  undo = sendConsoleToLog(createLogger({ level: 'info', destination, redactor }));
  console.log('Listening on %s', 'http://127.0.0.1:3000');
  console.error('refused practice-alice-5e1c0f9a3b7d', { code: 7 });
  console.debug('too much to tell');

  const lines = parseLog(written.join(''));
  expect(lines.map(({ level, message }) => [level, message])).toEqual([
    ['info', 'Listening on http://127.0.0.1:3000'],
    ['error', expect.stringMatching(/^refused .+ { code: 7 }$/)],
  ]);
  expect(written.join('')).not.toContain('5e1c0f9a3b7d');
});
