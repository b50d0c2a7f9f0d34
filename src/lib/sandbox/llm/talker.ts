import type { UnderstandAnswer } from '../../contracts/model-answer.ts';
import type { Prompt } from './prompt-reader.ts';
import { readRequirement } from './requirement-reader.ts';
import { capitalise, shorten, sharedKeywords, withFullStop, withoutFullStop } from './wording.ts';

/** What a message wants, where drafts exist already. */
export function understandMessage(prompt: Prompt): UnderstandAnswer {
  const text = prompt.instruction || prompt.question || prompt.requirement.map((line) => line.text).join(' ');
  const drafts = namedStories(text, prompt);
  if (
    /^(?:ok(?:ay)?|yes|good|great|fine|perfect|looks? good|approved?|ship it|create (?:it|them|the|all))\b/i.test(
      text,
    )
  ) {
    return { intent: 'approval', drafts };
  }
  if (
    /\?\s*$/.test(text) ||
    /^(?:what|which|how|why|who|when|where|do we|is there|are there|does)\b/i.test(text)
  ) {
    return { intent: 'question', drafts };
  }
  const [capability] = readRequirement([{ ref: 'M1.1', text }]);
  const isChange =
    /^(?:please\s+)?(?:also\s+)?(?:add|remove|drop|delete|change|make|rename|replace|set|use|shorten|split|include|mention|leave out|translate|rewrite|mark|label)\b/i.test(
      text,
    );
  const isNew = capability !== undefined && capability.verb !== 'use' && !isChange && drafts.length === 0;
  return isNew
    ? { intent: 'requirement', title: titleOf(prompt), drafts: [] }
    : { intent: 'instruction', drafts };
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];

const counts = ['one', 'two', 'three', 'four', 'five', 'six'];

/** "story 2", "stories 1 and 3", "the second one", "the first two". */
export function namedStories(text: string, prompt: Prompt): number[] {
  const lists = [
    ...text.matchAll(/\b(?:stor(?:y|ies)|drafts?|number|#)\s*(\d+(?:(?:\s*,\s*|\s+and\s+)\d+)*)/gi),
  ];
  const numbers = lists.flatMap(([, list = '']) => (list.match(/\d+/g) ?? []).map(Number));
  const many = /\bfirst (\w+)\b/i.exec(text)?.[1]?.toLowerCase() ?? '';
  const firstMany = Math.max(1, Number(many) || counts.indexOf(many) + 1);
  ordinals.forEach((word, index) => {
    if (!new RegExp(`\\b${word}\\b`, 'i').test(text)) return;
    if (index === 0) numbers.push(...Array.from({ length: firstMany }, (_, place) => place + 1));
    else numbers.push(index + 1);
  });
  return [...new Set(numbers)].filter((number) => prompt.stories.some((story) => story.number === number));
}

/** A short name for the conversation. */
export function titleOf(prompt: Prompt): string {
  const [capability] = readRequirement(prompt.requirement);
  if (!capability) return 'New requirement';
  return shorten(capitalise(`${capability.verb} ${capability.object}`), 60);
}

/** Answers a question from what stands in the prompt, and says so when nothing does. */
export function converse(prompt: Prompt): string {
  const asked = prompt.question || prompt.instruction;
  const meant = namedStories(asked, prompt);
  if (meant.length > 0) return draftsInShort(prompt, meant);
  const known = prompt.sources
    .flatMap(({ title, lines }) =>
      lines.map((line) => ({ title, ...line, score: sharedKeywords(asked, `${title} ${line.text}`) })),
    )
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 5);
  const issues = prompt.issues.slice(0, 5).map((line) => `- ${line}`);
  const found = [
    ...issues,
    ...known.map(({ title, text }) => `- ${title}: ${shorten(withFullStop(text), 160)}`),
  ];
  if (found.length > 0) return `This is what I found on “${withoutFullStop(asked)}”:\n\n${found.join('\n')}`;
  if (prompt.stories.length > 0)
    return `I found nothing in Jira or the pages on that. The drafts here are:\n\n${draftsInShort(prompt)}`;
  return 'I found nothing on that in what I was given.';
}

function draftsInShort({ stories }: Prompt, numbers = stories.map(({ number }) => number)): string {
  return stories
    .filter(({ number }) => numbers.includes(number))
    .map(
      ({ summary, storyPoints, acceptanceCriteria }) =>
        `- **${summary}**: ${storyPoints ?? 'no'} points, ${acceptanceCriteria.length} criteria`,
    )
    .join('\n');
}

/** Older turns in a few lines. */
export function summarise(messages: readonly { content: string }[]): string {
  const text = messages.map(({ content }) => content.replaceAll(/<[^>]*>/g, ' ')).join(' ');
  const sentences = text
    .split(/(?<=[.!?])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length > 20);
  return sentences
    .slice(0, 8)
    .map((sentence) => `- ${shorten(sentence, 160)}`)
    .join('\n');
}
