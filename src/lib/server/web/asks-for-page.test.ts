import { expect, it } from 'vitest';
import { asksForPage } from './asks-for-page.ts';

it.each([
  ['a browser that goes to an address', 'text/html,application/xhtml+xml,*/*;q=0.8', true],
  ['a form without scripts', 'text/html', true],
  ['a call of a script', '*/*', false],
  ['a form that a script sends', 'application/json', false],
  ['the events of a conversation', 'text/event-stream', false],
  ['an image', 'image/avif,image/webp,*/*', false],
])('%s: %s', (_what, accept, expected) => {
  expect(asksForPage({ headers: new Headers({ accept }) })).toBe(expected);
});

it('nothing is asked for where nothing is said', () => {
  expect(asksForPage({ headers: new Headers() })).toBe(false);
});
