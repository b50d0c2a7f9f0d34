import type { CallType } from '../../src/lib/contracts/model-answer.ts';
import { writeAnswer } from '../../src/lib/sandbox/llm/practice-writer.ts';

/** Answers one call of a conversation's turns. */
export type Writer = (call: CallType, turns: { role: string; content: string }[]) => string;

/**
 * The practice writer with the habits of a weak model: it talks around its JSON, fences it, leaves commas behind,
 * forgets why it asks and where things come from, and loses a criterion of a split until it is told so.
 */
export const writeClumsily: Writer = (call, turns) => {
  const answer = writeAnswer(call, turns);
  const wasTold = turns.some(({ role }) => role === 'assistant');
  if (call === 'clarify') return wasTold ? answer : answer.replace(/"why":\s*"[^"]*"/g, '"why":""');
  if (call === 'draft') return fenced(answer.replace(/"source":\s*"[^"]*"/g, '"source":"the requirement"'));
  if (call === 'split') return wasTold ? answer : fenced(withoutLastCriterion(answer));
  return answer;
};

function fenced(json: string): string {
  return `Sure, here you go:\n\n\`\`\`json\n${json.replace(/\]\s*\}$/, '],}')}\n\`\`\`\n\nShall I go on?`;
}

function withoutLastCriterion(answer: string): string {
  const split = JSON.parse(answer) as { children: { criteria: number[] }[] };
  split.children.at(-1)?.criteria.pop();
  return JSON.stringify(split);
}
