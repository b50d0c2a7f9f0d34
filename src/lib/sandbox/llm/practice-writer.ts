import type { CallType } from '../../contracts/model-answer.ts';
import { lookUp, type ToolCall, type Turn } from './looker.ts';
import { readPrompt, type Prompt } from './prompt-reader.ts';
import { questionsFor } from './question-bank.ts';
import { readRequirement } from './requirement-reader.ts';
import { repairStory, reviseStories } from './reviser.ts';
import { splitStory } from './splitter.ts';
import { writeStories } from './story-writer.ts';
import { converse, summarise, titleOf, understandMessage } from './talker.ts';

/**
 * The practice writer's whole answer to a prompt: rules over the text, no model. The same prompt always gets the same
 * answer. It reads what any model would be given (see contracts/prompt-format.ts) and answers what any model is asked
 * for (contracts/model-answer.ts), so nothing of the product knows that it is not one.
 */
export function writeAnswer(call: CallType, messages: readonly { content: string }[]): string {
  if (call === 'test') return 'The practice writer is here. It follows rules and is no language model.';
  if (call === 'summarise') return summarise(messages);
  const prompt = readPrompt(messages);
  if (call === 'converse') return converse(prompt);
  return JSON.stringify(answerFor(call, prompt), null, 1);
}

/** What the writer asks tools for before it answers; nothing where it can answer at once. */
export function lookUpFor(call: CallType, turns: readonly Turn[], offered: readonly string[]): ToolCall[] {
  return call === 'converse' && offered.length > 0 ? lookUp(readPrompt(turns), turns, offered) : [];
}

function answerFor(call: CallType, prompt: Prompt): unknown {
  switch (call) {
    case 'understand':
      return understandMessage(prompt);
    case 'clarify':
      return clarify(prompt);
    case 'refine':
      return reviseStories(prompt);
    case 'split':
      return split(prompt);
    case 'repair':
      return repair(prompt);
    default:
      return draft(prompt);
  }
}

function clarify(prompt: Prompt): unknown {
  const questions = questionsFor(prompt, readRequirement(prompt.requirement));
  const many = questions.length === 1 ? 'One thing changes' : 'Two things change';
  const message = questions.length === 0 ? '' : `${many} what I would write.`;
  return { title: titleOf(prompt), message, questions };
}

function draft(prompt: Prompt): unknown {
  const stories = writeStories(prompt);
  const sources =
    prompt.sources.length > 0
      ? ` I read ${prompt.sources.map(({ title }) => `“${title}”`).join(' and ')}.`
      : '';
  const pieces = stories.length === 1 ? 'one piece of work' : `${stories.length} pieces of work`;
  return { message: `This looks like ${pieces}.${sources}`, stories };
}

function split(prompt: Prompt): unknown {
  const [story] = prompt.stories;
  if (!story) return { message: 'There was no story to split.', children: [] };
  const children = splitStory(story, prompt);
  return {
    message: `I split “${story.summary}” into ${children.length}; every criterion is in exactly one of them.`,
    children,
  };
}

function repair(prompt: Prompt): unknown {
  const [story] = prompt.stories;
  return { story: story ? repairStory(story, prompt) : null };
}
