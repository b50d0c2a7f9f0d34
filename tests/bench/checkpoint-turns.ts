import { agentHarness } from '../../src/lib/agent/testing/agent-harness.ts';
import { scriptedModel } from '../../src/lib/agent/testing/scripted-model.ts';
import { storyAnswer } from '../../src/lib/agent/testing/story-answers.ts';
import { checkpointBytes } from '../support/checkpoint-bytes.ts';

/**
 * What the graph itself costs over a long conversation: bytes of its checkpoint and milliseconds a turn, with a
 * model that answers at once and every port in memory. Both should stay flat. Run it with
 * `node tests/bench/checkpoint-turns.ts` on Node 24.
 */
const turns = 50;
const told = [1, 10, 20, 30, 40, 50];

const agent = agentHarness();
const story = storyAnswer();
let points = 3;
const model = scriptedModel({
  clarify: () => ({ title: 'Exports', message: '', questions: [] }),
  draft: () => ({ message: 'Drafted.', stories: [story, { ...story, summary: 'Export receipts' }] }),
  understand: () => ({ intent: 'instruction', drafts: [1] }),
  refine: () => ({
    message: 'Changed.',
    stories: [{ ...story, storyPoints: (points = points === 3 ? 2 : 3), number: 1 }],
  }),
  summarise: () => 'What was said before.',
});

try {
  await agent.run(agent.world.says('Export invoices as CSV.'), agent.context(model));
  const rows: { turn: number; ms: string; 'checkpoint KiB': string }[] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    const startedAt = performance.now();
    await agent.run(agent.world.says(`Estimate it anew, turn ${turn}.`), agent.context(model));
    if (!told.includes(turn)) continue;
    const ms = (performance.now() - startedAt).toFixed(1);
    rows.push({ turn, ms, 'checkpoint KiB': (checkpointBytes(agent.checkpointFile) / 1024).toFixed(1) });
  }
  console.table(rows);
} finally {
  agent.dispose();
}
