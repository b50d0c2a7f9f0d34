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

function namedStories(text: string, prompt: Prompt): number[] {
  const numbers = [...text.matchAll(/\b(?:story|draft|number|#)\s*(\d+)\b/gi)].map((match) =>
    Number(match[1]),
  );
  ordinals.forEach((word, index) => {
    if (new RegExp(`\\b${word}\\b`, 'i').test(text)) numbers.push(index + 1);
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
  const known = prompt.sources
    .flatMap(({ title, lines }) =>
      lines.map((line) => ({ title, ...line, score: sharedKeywords(asked, `${title} ${line.text}`) })),
    )
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 5);
  const drafts = prompt.stories.map(
    (story) =>
      `- **${story.summary}**: ${story.storyPoints ?? 'no'} points, ${story.acceptanceCriteria.length} criteria`,
  );
  const issues = prompt.issues.slice(0, 5).map((line) => `- ${line}`);
  const found = [
    ...issues,
    ...known.map(({ title, text }) => `- ${title}: ${shorten(withFullStop(text), 160)}`),
  ];
  if (found.length > 0) return `This is what I found on “${withoutFullStop(asked)}”:\n\n${found.join('\n')}`;
  if (drafts.length > 0)
    return `I found nothing in Jira or the pages on that. The drafts here are:\n\n${drafts.join('\n')}`;
  return 'I found nothing on that in what I was given.';
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
