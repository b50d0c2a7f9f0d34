import { parseBlocks } from '../../contracts/prompt-format.ts';
import type { Prompt } from './prompt-reader.ts';
import { namedStories } from './talker.ts';
import { keywords, sharedKeywords } from './wording.ts';

/** What the writer asks a tool for, in the form of chat completions. */
export interface ToolCall {
  name: string;
  input: Record<string, string>;
}

export interface Turn {
  role: string;
  content: string;
}

const mostWords = 4;
/** Words of the question itself, which nothing in Jira is about. */
const askingWords = new Set([
  'already',
  'exist',
  'existing',
  'know',
  'tell',
  'show',
  'find',
  'backlog',
  'story',
  'issue',
  'page',
]);

/**
 * What the writer looks up before it answers a question: one search in Jira and in the pages, then the best hit of each
 * in full. Nothing once it has read that, where the question is about a story, or where it was offered nothing to look
 * with.
 */
export function lookUp(prompt: Prompt, turns: readonly Turn[], offered: readonly string[]): ToolCall[] {
  if (namedStories(prompt.question || prompt.instruction, prompt).length > 0) return [];
  const results = turns.filter(({ role }) => role === 'tool').map(({ content }) => content);
  const calls = results.length === 0 ? searches(prompt) : openings(results, prompt.question);
  return calls.filter(({ name }) => offered.includes(name));
}

function searches({ question, instruction }: Prompt): ToolCall[] {
  const asked = [...keywords(question || instruction)].filter((word) => !askingWords.has(word));
  const words = asked.slice(0, mostWords);
  if (words.length === 0) return [];
  const anyWord = words.map((word) => `text ~ "${word}"`).join(' OR ');
  return [
    { name: 'search_issues', input: { jql: `${anyWord} ORDER BY updated DESC` } },
    { name: 'search_pages', input: { cql: anyWord } },
  ];
}

function openings(results: readonly string[], question: string): ToolCall[] {
  const blocks = results.flatMap((result) => parseBlocks(result));
  /** The first word of the line that shares most with the question. */
  const bestOf = (list: string, opened: string) => {
    if (blocks.some((block) => block.name === opened)) return undefined;
    const lines = blocks.filter((block) => block.name === list).flatMap(({ text }) => text.split('\n'));
    const ranked = lines
      .filter((line) => line.trim() !== '' && line !== '(nothing)')
      .sort((a, b) => sharedKeywords(question, b) - sharedKeywords(question, a));
    return ranked[0]?.trim().split(/\s/)[0];
  };
  const key = bestOf('issues', 'issue');
  const pageId = bestOf('pages', 'page');
  return [
    ...(key ? [{ name: 'get_issue', input: { key } }] : []),
    ...(pageId ? [{ name: 'get_page', input: { pageId } }] : []),
  ];
}
