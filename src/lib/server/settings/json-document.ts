import type { Node, ParseError } from 'jsonc-parser';
import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { ConfigFinding, ConfigProblem } from './config-problem.ts';

/** A parsed JSON file that knows where its values stand in the text. */
export interface JsonDocument {
  value: unknown;
  /** Gives a finding its line and column. */
  locate(finding: ConfigFinding): ConfigProblem;
  /** The value as it is written in the file, shortened; null where nothing stands there. */
  written(path: readonly (string | number)[]): string | null;
}

/** Parses JSON with comments and trailing commas. What cannot be read comes back as problems, all of them at once. */
export function parseJsonDocument(
  file: string,
  text: string,
): { document: JsonDocument } | { problems: ConfigProblem[] } {
  const tooDeepAt = firstBeyondDepth(text);
  if (tooDeepAt !== null) {
    const message = `expected at most ${MOST_LEVELS} levels of lists and objects`;
    return { problems: [{ file, ...positionOf(text, tooDeepAt), path: '', message }] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (!root || errors.length > 0) return { problems: syntaxProblems(file, text, errors) };
  return {
    document: {
      value: getNodeValue(root),
      locate: ({ path, message }) => ({
        file,
        ...positionOf(text, nearestNode(root, path).offset),
        path: path.join('.'),
        message,
      }),
      written: (path) => writtenAt(root, text, path),
    },
  };
}

/** Far more than any file needs. Parser and schemas call themselves for each level, and a stack that is full ends the process. */
const MOST_LEVELS = 100;

/** Where the text goes deeper than that, or null. */
function firstBeyondDepth(text: string): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (;;) {
    scanner.scan();
    const at = scanner.getTokenOffset();
    if (at >= text.length) return null;
    // Where a text begins, a quote stands.
    if ('{['.includes(text[at] ?? '')) depth += 1;
    if ('}]'.includes(text[at] ?? '')) depth -= 1;
    if (depth > MOST_LEVELS) return at;
  }
}

const MOST_SYNTAX_PROBLEMS = 3;

function syntaxProblems(file: string, text: string, errors: ParseError[]): ConfigProblem[] {
  if (text.trim() === '')
    return [{ file, line: 1, column: 1, path: '', message: 'expected a JSON object, found an empty file' }];
  // One slip makes the parser stumble on; the first few say where to look.
  return errors.slice(0, MOST_SYNTAX_PROBLEMS).map(({ error, offset }) => ({
    file,
    ...positionOf(text, offset),
    path: '',
    message: `expected valid JSON: ${inWords(printParseErrorCode(error))}`,
  }));
}

function inWords(code: string): string {
  return code
    .replace(/([a-z])([A-Z])/g, (_pair, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .toLowerCase();
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** The key where the path names one (so that the mark stands on the word), else the closest parent that exists. */
function nearestNode(root: Node, path: readonly (string | number)[]): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (!node) continue;
    return node.parent?.type === 'property' ? (node.parent.children?.[0] ?? node) : node;
  }
  return root;
}

const LONGEST_QUOTE = 40;

function writtenAt(root: Node, text: string, path: readonly (string | number)[]): string | null {
  const node = findNodeAtLocation(root, [...path]);
  if (!node) return null;
  if (node.type === 'object') return 'an object';
  if (node.type === 'array') return 'a list';
  const raw = text.slice(node.offset, node.offset + node.length);
  return raw.length > LONGEST_QUOTE ? `${raw.slice(0, LONGEST_QUOTE)}…` : raw;
}
