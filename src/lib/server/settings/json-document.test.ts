import { describe, expect, it } from 'vitest';
import { parseJsonDocument } from './json-document.ts';

describe('A JSON document', () => {
  const text = '{\n  // a comment\n  "a": {\n    "b": [1, "two"],\n  },\n}\n';
  const parsed = parseJsonDocument('some.json', text);
  if ('problems' in parsed) throw new Error('expected a document');
  const { document } = parsed;

  it('takes comments and trailing commas', () => {
    expect(document.value).toEqual({ a: { b: [1, 'two'] } });
  });

  it.each([
    { path: ['a'], line: 3, column: 3 },
    { path: ['a', 'b'], line: 4, column: 5 },
    { path: ['a', 'b', 1], line: 4, column: 14 },
    { path: ['a', 'missing'], line: 3, column: 3 },
    { path: [], line: 1, column: 1 },
  ])('knows that $path stands at $line:$column', ({ path, line, column }) => {
    expect(document.locate({ path, message: 'm' })).toEqual({
      file: 'some.json',
      line,
      column,
      path: path.join('.'),
      message: 'm',
    });
  });

  it('points at the slip in text that is no JSON', () => {
    expect(parseJsonDocument('some.json', '{\n  "a": 1\n  "b": 2\n}')).toEqual({
      problems: [
        { file: 'some.json', line: 3, column: 3, path: '', message: 'expected valid JSON: comma expected' },
      ],
    });
  });
});
