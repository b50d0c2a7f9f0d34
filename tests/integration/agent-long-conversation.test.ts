import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { estimateTokens } from '../../src/lib/agent/prompts/tokens.ts';
import { agentHarness, type AgentHarness } from '../../src/lib/agent/testing/agent-harness.ts';
import { scriptedModel } from '../../src/lib/agent/testing/scripted-model.ts';
import { storyAnswer } from '../../src/lib/agent/testing/story-answers.ts';
import type { StoryDraft } from '../../src/lib/contracts/story.ts';
import { checkpointBytes } from '../support/checkpoint-bytes.ts';

let agent: AgentHarness;
beforeEach(() => (agent = agentHarness()));
afterEach(() => agent.dispose());

const turns = 50;
const contextTokens = 6_000;
const longWinded = 'We talked about this at length, and it is how accounting has always done it. '.repeat(8);

/** What a story holds that must not get lost: each criterion with its source. */
const kept = ({ content }: StoryDraft) =>
  content.acceptanceCriteria.map(({ id, text, source }) => ({ id, text, source }));

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
      paragraphs: Array.from({ length: 60 }, (_, index) => `Rule ${index + 1} of exports. ${longWinded}`),
    });
    let requirements = 0;
    let points = 3;
    const model = scriptedModel({
      clarify: () => ({
        title: 'Exports',
        message: '',
        questions: [{ question: `Who needs export ${requirements}?`, why: 'It decides on rights.' }],
      }),
      /** Each story cites a paragraph of the page, the message that asked for it, and the answer to its question. */
      draft: (call) => {
        requirements += 1;
        const message = /id="(M\d+)"/.exec(call.messages[0]?.content ?? '')?.[1] ?? '';
        return {
          message: 'Drafted.',
          stories: [
            storyAnswer({
              summary: `Export ${requirements}`,
              acceptanceCriteria: [
                { text: `Rule of export ${requirements}.`, source: `S1.${requirements * 7}` },
                { text: `Wish of export ${requirements}.`, source: `${message}.1` },
                { text: `Right of export ${requirements}.`, source: `A${requirements}` },
              ],
            }),
          ],
        };
      },
      understand: (call) => ({
        intent: call.block('instruction').includes('Also') ? 'requirement' : 'instruction',
        drafts: [],
      }),
      /** A model that forgot every source but gives the words of the first story back. */
      refine: (call) => {
        const [first] = JSON.parse(call.block('drafts')) as { acceptanceCriteria: { text: string }[] }[];
        const acceptanceCriteria = (first?.acceptanceCriteria ?? []).map(({ text }) => ({
          text,
          source: 'assumed',
        }));
        const story = storyAnswer({ summary: 'Export 1', acceptanceCriteria });
        points = points === 3 ? 2 : 3;
        return { message: `Changed. ${longWinded}`, stories: [{ ...story, storyPoints: points, number: 1 }] };
      },
      summarise: () => 'Accounting explained its ways.',
    });
    const requires = async (text: string) => {
      const asked = await agent.run(world.says(text), agent.context(model));
      await agent.run(
        agent.inWords(asked, `Only accountants need what I said of ${text}`),
        agent.context(model),
      );
    };
    await requires('Export invoices as CSV.');

    const bytes: number[] = [];
    for (let turn = 1; turn <= turns; turn += 1) {
      const before = world.drafts.drafts.map(kept);
      if (turn % 10 === 0) await requires(`Also export number ${turn} as XML. ${longWinded}`);
      else await agent.run(world.says(`Turn ${turn}: estimate it anew. ${longWinded}`), agent.context(model));
      expect(world.drafts.drafts.map(kept).slice(0, before.length), `turn ${turn}`).toEqual(before);
      bytes.push(checkpointBytes(agent.checkpointFile));
    }

    expect(world.drafts.drafts.map(({ content }) => content.summary)).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => `Export ${number}`),
    );
    const sources = world.drafts.drafts.flatMap(kept).map(({ source }) => source.kind);
    expect(sources).toEqual(world.drafts.drafts.flatMap(() => ['page', 'message', 'answer']));
    expect(model.callsOf('summarise').length).toBeGreaterThan(2);
    for (const call of model.calls) {
      const size = estimateTokens([call.system, ...call.messages.map(({ content }) => content)].join('\n'));
      expect(size).toBeLessThanOrEqual(contextTokens);
    }
    for (const call of model.callsOf('refine')) {
      const drafts = JSON.parse(call.block('drafts')) as { acceptanceCriteria: { source: string }[] }[];
      const blocks = call.blocks.map(({ text }) => text).join('\n');
      for (const { source } of drafts.flatMap(({ acceptanceCriteria }) => acceptanceCriteria))
        expect(blocks).toContain(`\n${source} `);
    }
    expect(bytes.at(-1)).toBeLessThanOrEqual((bytes[9] ?? 0) * 1.2);
  }, 30_000);
});
