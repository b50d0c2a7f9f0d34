import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { estimateTokens } from '../../src/lib/agent/prompts/tokens.ts';
import { agentHarness, type AgentHarness } from '../../src/lib/agent/testing/agent-harness.ts';
import { scriptedModel } from '../../src/lib/agent/testing/scripted-model.ts';
import { storyAnswer } from '../../src/lib/agent/testing/story-answers.ts';
import { checkpointBytes } from '../support/checkpoint-bytes.ts';

let agent: AgentHarness;
beforeEach(() => (agent = agentHarness()));
afterEach(() => agent.dispose());

const turns = 50;
const contextTokens = 4_000;
const longWinded = 'We talked about this at length, and it is how accounting has always done it. '.repeat(8);

describe('A conversation of 50 turns that overflows the model’s window', () => {
  it('loses no draft, criterion or cited source, and its checkpoint stays as small as it was', async () => {
    const { world } = agent;
    world.settings.contextTokens = contextTokens;
    world.sources.push({
      sourceId: 'page-1',
      ref: 'S1',
      kind: 'page',
      title: 'Exports',
      version: '1',
      url: 'http://wiki/1',
      paragraphs: ['Exports are kept for ten years.', ...Array.from({ length: 60 }, () => longWinded)],
    });
    const story = storyAnswer({
      acceptanceCriteria: [
        { text: 'Exports are kept for ten years.', source: 'S1.1' },
        { text: 'Invoices export as CSV.', source: 'M1.1' },
      ],
    });
    let points = 3;
    const model = scriptedModel({
      clarify: () => ({ title: 'Exports', message: '', questions: [] }),
      draft: () => ({ message: 'Drafted.', stories: [story, { ...story, summary: 'Export receipts' }] }),
      understand: () => ({ intent: 'instruction', drafts: [1] }),
      refine: () => ({
        message: `Changed. ${longWinded}`,
        stories: [{ ...story, storyPoints: (points = points === 3 ? 2 : 3), number: 1 }],
      }),
      summarise: () => 'Accounting explained its ways.',
    });
    await agent.run(world.says('Export invoices as CSV.'), agent.context(model));

    const bytes: number[] = [];
    for (let turn = 1; turn <= turns; turn += 1) {
      await agent.run(world.says(`Turn ${turn}: estimate it anew. ${longWinded}`), agent.context(model));
      bytes.push(checkpointBytes(agent.checkpointFile));
    }

    const refinements = model.callsOf('refine');
    expect(refinements).toHaveLength(turns);
    for (const call of refinements) {
      const size = estimateTokens([call.system, ...call.messages.map(({ content }) => content)].join('\n'));
      expect(size).toBeLessThanOrEqual(contextTokens);
      const drafts = JSON.parse(call.block('drafts')) as { acceptanceCriteria: unknown[] }[];
      expect(drafts.map(({ acceptanceCriteria }) => acceptanceCriteria.length)).toEqual([2, 2]);
      expect(call.block('source')).toContain('S1.1 Exports are kept for ten years.');
      expect(call.block('requirement')).toContain('M1.1 Export invoices as CSV.');
    }
    expect(world.drafts.drafts.map(({ content }) => content.acceptanceCriteria.length)).toEqual([2, 2]);
    expect(bytes.at(-1)).toBeLessThanOrEqual((bytes[9] ?? 0) * 1.2);
  }, 30_000);
});
