/**
 * How a model may spoil an answer that was right: the scenarios that a fault rule can name for the practice model. An
 * answer in plain words, such as one to a question, has no form that most of them could spoil.
 */
const habits: Record<string, (answer: string) => string> = {
  prose: () =>
    'Happy to help! I would begin with the part that customers see first and leave the rest for later. ' +
    'Shall I write that down as a story, with what has to be tested?',
  'code fence': (answer) => `Sure, here you go:\n\n\`\`\`json\n${answer}\n\`\`\`\n\nShall I go on?`,
  'trailing commas': (answer) =>
    respelt(answer, (value) => JSON.stringify(value, null, 1).replaceAll(/\n\s*[\]}]/g, ',$&')),
  // As a model that has used up its tokens: the stream ends in order, the text does not.
  'cut off': (answer) => answer.slice(0, Math.floor(answer.length * 0.7)),
  'extra keys': (answer) => respelt(answer, (value) => JSON.stringify(withExtraKeys(value))),
};

/** The answer in that habit; a name that stands for none leaves it as it is. */
export function inHabit(name: string, answer: string): string {
  return habits[name]?.(answer) ?? answer;
}

function withExtraKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withExtraKeys);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).map(([key, part]): [string, unknown] => [key, withExtraKeys(part)]);
  return { reasoning: 'I thought about this step by step.', ...Object.fromEntries(known), confidence: 0.87 };
}

/** What is no JSON stays as it is. */
function respelt(text: string, spell: (value: unknown) => string): string {
  try {
    return spell(JSON.parse(text));
  } catch {
    return text;
  }
}
