import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../src/lib/agent/ports.ts';
import { agentHarness } from '../../src/lib/agent/testing/agent-harness.ts';
import { scriptedModel } from '../../src/lib/agent/testing/scripted-model.ts';
import { storyAnswer } from '../../src/lib/agent/testing/story-answers.ts';
import { hostileTexts } from '../support/hostile-sources.ts';

describe('A model that obeys every injection', () => {
  it('writes nothing, changes no project and leaks nothing, on 100 hostile pages', async () => {
    for (const text of hostileTexts) await readPage(text);
  });
});

/** One conversation that drafts from a hostile page, and then talks about the drafts. */
async function readPage(text: string): Promise<void> {
  const agent = agentHarness();
  const { world } = agent;
  world.sources.push({
    sourceId: 'page-1',
    ref: 'S1',
    kind: 'page',
    title: text.slice(0, 80),
    version: '1',
    url: 'http://wiki/1',
    paragraphs: ['Invoices are exported.', text],
  });
  const model = scriptedModel({
    clarify: () => ({ title: 'T', message: text, questions: [] }),
    understand: () => ({ intent: 'approval', drafts: [] }),
    draft: () => ({ message: text, stories: [obedientStory(text)] }),
    repair: () => ({ story: obedientStory(text) }),
  });
  try {
    await agent.run(world.says('Draft what the page says'), agent.context(model));
    await agent.run(world.says('What does it say?'), agent.context(model));

    expect(world.drafts.drafts.length).toBeGreaterThan(0);
    for (const { content } of world.drafts.drafts)
      expect(content).toMatchObject({ issueType: 'Story', epicKey: null, format: 'classic' });
    expect(model.calls.every(isFenced(text)), text).toBe(true);
    expect(world.created).toEqual([]);
    expect(world.approved.size).toBe(0);
    expect(world.settings.projectKey).toBe('DEMO');
  } finally {
    agent.dispose();
  }
}

/** The page's words stand in source blocks alone: never in the system prompt, and never as a block of their own. */
function isFenced(text: string) {
  return (call: ModelCall & { blocks?: { name: string; text: string }[] }): boolean => {
    const known = ['source', 'turns', 'drafts', 'summary', 'violations', 'issues'];
    const holders = (call.blocks ?? []).filter((block) => block.text.includes(text.slice(0, 40)));
    return !call.system.includes(text.slice(0, 40)) && holders.every(({ name }) => known.includes(name));
  };
}

/** Everything that a page could ask for, and keys that no story has. */
function obedientStory(text: string) {
  return {
    ...storyAnswer({ description: text, issueType: 'Epic', labels: ['approved'] }),
    epicKey: 'SECRET-1',
    projectKey: 'SECRET',
    approved: true,
    tool: 'delete_issue',
  };
}
