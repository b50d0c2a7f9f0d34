import { expect, it } from 'vitest';
import { remotesHealth } from './remotes-health.ts';

it('A system that is left alone after failures degrades the product, by its name and once', () => {
  expect(
    remotesHealth([
      { upstream: 'mcp', state: 'open' },
      { upstream: 'jira', state: 'closed' },
      { upstream: 'mcp', state: 'half_open' },
      { upstream: 'llm', state: 'open' },
    ]),
  ).toEqual({
    ok: true,
    degraded: true,
    detail: 'left alone after failures: The language model, The tool server',
  });
});

it('Systems that answer degrade nothing', () => {
  expect(remotesHealth([{ upstream: 'jira', state: 'closed' }])).toEqual({
    ok: true,
    detail: 'none is left alone',
  });
});
