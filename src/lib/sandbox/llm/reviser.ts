import { estimatePoints } from './estimate.ts';
import type { Prompt, PromptStory } from './prompt-reader.ts';
import { testNotes } from './story-writer.ts';
import { capitalise, sharedKeywords, shorten, withFullStop, withoutFullStop } from './wording.ts';

export interface Revision {
  message: string;
  stories: PromptStory[];
}

/** Follows one instruction on the stories that it is about. What it cannot read as a change becomes a criterion. */
export function reviseStories(prompt: Prompt): Revision {
  const targets = prompt.stories.filter(
    ({ number }) => prompt.targets.length === 0 || prompt.targets.includes(number),
  );
  const scope = prompt.targets.length === 0 ? mostAlike(targets, prompt.instruction) : targets;
  const done = new Set<string>();
  const stories = scope.map((story) => {
    const revised = revise(story, prompt, done);
    return {
      ...revised,
      stlcNotes: revised.stlcNotes || testNotes(revised.acceptanceCriteria.map(({ text }) => text)),
    };
  });
  const what = [...done].join(' ');
  const many = stories.length === 1 ? 'one story' : `${stories.length} stories`;
  return { message: `I changed ${many}. ${what}`.trim(), stories };
}

/** Mends what the rules found, and nothing else. */
export function repairStory(story: PromptStory, prompt: Prompt): PromptStory {
  const broken = new Set(prompt.violations.map(({ ruleId }) => ruleId));
  const isBroken = (part: string) =>
    [...broken].some((ruleId) => ruleId.replaceAll(/[-_]/g, '').toLowerCase().includes(part));
  let mended = { ...story };
  if (isBroken('banned')) mended = withoutWords(mended, prompt.rules.bannedWords);
  if (isBroken('summary')) mended.summary = shorten(mended.summary, prompt.rules.summaryMaxCharacters);
  if (isBroken('criteria') || isBroken('section'))
    mended.acceptanceCriteria = enoughCriteria(mended, prompt.rules.minCriteria);
  if (mended.stlcNotes.trim() === '')
    mended.stlcNotes = testNotes(mended.acceptanceCriteria.map(({ text }) => text));
  if (isBroken('point')) mended.storyPoints = estimatePoints(mended.acceptanceCriteria.length, prompt.rules);
  if (isBroken('description') && mended.description.length > 600)
    mended.description = shorten(mended.description, 600);
  return mended;
}

function revise(story: PromptStory, prompt: Prompt, done: Set<string>): PromptStory {
  const text = withoutFullStop(prompt.instruction);
  const say = (sentence: string) => done.add(sentence);

  const renamed = /\b(?:rename|title|summary|call)\b.*?(?:to|it)\s+["“”'](.+?)["“”']/i.exec(text)?.[1];
  if (renamed) {
    say(`The summary is now “${renamed}”.`);
    return { ...story, summary: renamed };
  }
  const replaced =
    /\b(?:replace|change)\s+["“']?(.+?)["”']?\s+(?:with|to|by|into)\s+["“']?(.+?)["”']?$/i.exec(text);
  if (replaced?.[1] && replaced[2] && contains(story, replaced[1])) {
    say(`“${replaced[1]}” became “${replaced[2]}”.`);
    return replaceText(story, replaced[1], replaced[2]);
  }
  const points = /\b(\d+(?:\.\d+)?)\s*(?:story )?points?\b|\bpoints?\s*(?:to|=|:)\s*(\d+(?:\.\d+)?)/i.exec(
    text,
  );
  if (points) {
    say('The estimate is yours now.');
    return { ...story, storyPoints: Number(points[1] ?? points[2]) };
  }
  const label = /\blabel\s+["“']?([\w-]+)["”']?/i.exec(text)?.[1];
  if (label) {
    say(`Labelled ${label}.`);
    return { ...story, labels: [...new Set([...story.labels, label])] };
  }
  if (/\b(?:shorter|shorten|concise|brief)\b/i.test(text)) {
    say('The texts are shorter; no criterion from you was dropped.');
    return {
      ...story,
      summary: shorten(story.summary, 70),
      acceptanceCriteria: story.acceptanceCriteria.filter(({ source }) => source !== 'assumed'),
    };
  }
  const unwanted = /^(?:please )?(?:remove|drop|delete|without|leave out|no)\s+(?:the\s+)?(.+)$/i.exec(
    text,
  )?.[1];
  if (unwanted) return withoutCriteria(story, unwanted, say);
  return withCriterion(story, text, prompt, say);
}

function withCriterion(
  story: PromptStory,
  text: string,
  prompt: Prompt,
  say: (sentence: string) => void,
): PromptStory {
  const asked = text
    .replace(/^(?:please\s+)?(?:also\s+)?(?:add|include|mention|consider|require|make sure|ensure)\s+/i, '')
    .replace(
      /^(?:an?\s+)?(?:acceptance\s+)?(?:criterion|criteria)(?:\s*:|\s+(?:that|for|about|saying|on))?\s+/i,
      '',
    )
    .replace(/^that\s+/i, '');
  const criterion = { text: withFullStop(capitalise(asked)), source: prompt.instructionRef };
  const acceptanceCriteria = [...story.acceptanceCriteria, criterion];
  say('One criterion is new.');
  return {
    ...story,
    acceptanceCriteria,
    storyPoints: estimatePoints(acceptanceCriteria.length, prompt.rules),
  };
}

function withoutCriteria(story: PromptStory, unwanted: string, say: (sentence: string) => void): PromptStory {
  const kept = story.acceptanceCriteria.filter(({ text }) => sharedKeywords(unwanted, text) === 0);
  const removed = story.acceptanceCriteria.length - kept.length;
  say(
    removed > 0
      ? `What was about ${withoutFullStop(unwanted)} is gone.`
      : `Nothing in it was about ${withoutFullStop(unwanted)}.`,
  );
  return kept.length === 0 ? story : { ...story, acceptanceCriteria: kept };
}

/** The stories that share words with the instruction; all where none does. */
function mostAlike(stories: PromptStory[], instruction: string): PromptStory[] {
  const scored = stories.map((story) => ({
    story,
    score: sharedKeywords(
      instruction,
      `${story.summary} ${story.acceptanceCriteria.map(({ text }) => text).join(' ')}`,
    ),
  }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const [first] = stories;
  if (/\b(?:all|every|each)\b/i.test(instruction)) return stories;
  if (best === 0) return first ? [first] : [];
  return scored
    .filter(({ score }) => score === best)
    .slice(0, 1)
    .map(({ story }) => story);
}

function contains(story: PromptStory, text: string): boolean {
  return JSON.stringify(story).toLowerCase().includes(text.toLowerCase());
}

function replaceText(story: PromptStory, from: string, to: string): PromptStory {
  const pattern = new RegExp(from.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  // A function, so that `$&` in somebody's text stays text.
  const swap = (text: string) => text.replaceAll(pattern, () => to);
  return {
    ...story,
    summary: swap(story.summary),
    description: swap(story.description),
    stlcNotes: swap(story.stlcNotes),
    acceptanceCriteria: story.acceptanceCriteria.map((criterion) => ({
      ...criterion,
      text: swap(criterion.text),
    })),
  };
}

function withoutWords(story: PromptStory, words: readonly string[]): PromptStory {
  return words.reduce((cleaned, word) => replaceText(cleaned, word, ''), story);
}

function enoughCriteria(story: PromptStory, least: number): PromptStory['acceptanceCriteria'] {
  const spare = [
    { text: 'The result is visible to the person at once.', source: 'assumed' },
    { text: 'A failure says what happened and what to do, and nothing is lost.', source: 'assumed' },
    { text: 'It works with the keyboard alone.', source: 'assumed' },
  ];
  return [
    ...story.acceptanceCriteria,
    ...spare.slice(0, Math.max(0, least - story.acceptanceCriteria.length)),
  ];
}
