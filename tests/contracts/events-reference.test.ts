import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runEventTypes } from '../../src/lib/contracts/run-event.ts';
import { clientEvents, serverEvents } from '../../src/lib/contracts/socket-events.ts';
import { eventsReference } from '../../src/lib/server/operations/events-reference.ts';

const kept = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');

it('docs/events.md is what the contracts say; `npm run docs:events` writes it', () => {
  expect(kept).toBe(eventsReference());
});

it('names every command, run event and event of the server once', () => {
  const names = [...Object.keys(clientEvents), ...runEventTypes, ...Object.keys(serverEvents)];
  const headings = [...kept.matchAll(/^### `(.+)`$/gm)].map((match) => match[1]);
  expect(headings).toEqual(names);
});
