import type { RunOutcome } from '../../src/lib/agent/ports.ts';
import { agentHarness } from '../../src/lib/agent/testing/agent-harness.ts';
import { scriptedModel } from '../../src/lib/agent/testing/scripted-model.ts';
import { storyAnswer } from '../../src/lib/agent/testing/story-answers.ts';
import { checkpointBytes } from '../support/checkpoint-bytes.ts';
import { quantiles } from './quantiles.ts';

/**
 * What the graph itself costs over a long conversation: bytes of its checkpoint and milliseconds a run, with a model
 * that answers at once and every port in memory. Turns are of every kind: instructions, questions about the drafts, a
 * yes in words, and each fifth a new requirement with two questions that are answered in words. Both should stay flat.
 * Run it with `node tests/bench/checkpoint-turns.ts` on Node 24.
 */
const turns = 50;
const window = 10;

const agent = agentHarness();
const { world } = agent;
const story = storyAnswer();
let points = 3;
let asked = 0;
const model = scriptedModel({
  clarify: () => ({
    title: 'Exports',
    message: 'Two things first.',
    questions: [1, 2].map(() => ({
      question: `What must be known of export ${(asked += 1)}?`,
      why: 'It changes the criteria.',
      suggestions: ['All of it', 'Nothing'],
    })),
  }),
  draft: () => ({ message: 'Drafted.', stories: [story, { ...story, summary: 'Export receipts' }] }),
  understand: (call) => ({ intent: intentOf(call.block('instruction')), drafts: [1] }),
  refine: () => ({
    message: 'Changed.',
    stories: [{ ...story, storyPoints: (points = points === 3 ? 2 : 3), number: 1 }],
  }),
  converse: () => 'The first one covers CSV.',
  summarise: () => 'What was said before.',
});

try {
  await require('Export invoices as CSV.');
  const rows: { turns: string; 'ms, median': string; 'ms, longest': string; 'checkpoint KiB': string }[] = [];
  let times: number[] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    times.push(...(await take(turn)));
    if (turn % window !== 0) continue;
    rows.push({
      turns: `${turn - window + 1} to ${turn}`,
      'ms, median': quantiles(times).p50.toFixed(1),
      'ms, longest': Math.max(...times).toFixed(1),
      'checkpoint KiB': (checkpointBytes(agent.checkpointFile) / 1024).toFixed(1),
    });
    times = [];
  }
  console.table(rows);
} finally {
  agent.dispose();
}

/** One turn of the conversation; how long each of its runs took. */
async function take(turn: number): Promise<number[]> {
  if (turn % 5 === 0) return require(`Also export number ${turn} as XML.`);
  const kinds = ['Estimate it anew', 'Shorten the first', 'What does the first cover?', 'Looks good'];
  const [, ms] = await timed(
    agent.run(world.says(`${kinds[turn % 5] ?? ''}, turn ${turn}.`), agent.context(model)),
  );
  return [ms];
}

/** A new requirement and its answers. The stories before it go to Jira, so that the number of open ones stays. */
async function require(text: string): Promise<number[]> {
  for (const id of agent.openDrafts()) world.drafts.setStatus(id, 'created');
  const [outcome, first] = await timed(agent.run(world.says(text), agent.context(model)));
  const [, second] = await timed(
    agent.run(agent.inWords(outcome, `For accountants: ${text}`), agent.context(model)),
  );
  return [first, second];
}

async function timed(work: Promise<RunOutcome>): Promise<[RunOutcome, number]> {
  const startedAt = performance.now();
  return [await work, performance.now() - startedAt];
}

function intentOf(instruction: string): string {
  if (instruction.includes('Also')) return 'requirement';
  if (instruction.includes('?')) return 'question';
  return instruction.includes('good') ? 'approval' : 'instruction';
}
