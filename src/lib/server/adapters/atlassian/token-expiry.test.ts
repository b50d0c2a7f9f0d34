import { expect, it } from 'vitest';
import { UpstreamError } from '../../errors/app-error.ts';
import { readTokenExpiry } from './token-expiry.ts';

const now = Date.parse('2026-11-25T12:00:00Z');
const december = '2026-12-02T09:30:00.000+0000';
const at = Date.parse('2026-12-02T09:30:00Z');

async function expiry(answer: unknown): Promise<number | null> {
  return readTokenExpiry({ read: async (_call, schema) => schema.parse(answer) }, now);
}

it.each<[string, unknown[], number | null]>([
  ['of the only one', [{ expiringAt: december, lastAccessedAt: null }], at],
  ['in milliseconds too', [{ expiringAt: at }], at],
  ['of one that never runs out', [{ expiringAt: null }], null],
  [
    'of the one that was used last',
    [
      { expiringAt: '2027-01-01T00:00:00Z', lastAccessedAt: '2026-11-24T12:00:00Z' },
      { expiringAt: december, lastAccessedAt: '2026-11-25T11:59:00Z' },
    ],
    at,
  ],
  [
    'of the only one that still lives',
    [
      { expiringAt: '2026-11-01T00:00:00Z', lastAccessedAt: '2026-11-25T11:59:00Z' },
      { expiringAt: december },
    ],
    at,
  ],
  ['of none where two were used alike', [{ expiringAt: december }, { expiringAt: null }], null],
  ['of none where there is none', [], null],
  ['of none where the time makes no sense', [{ expiringAt: 'soon' }], null],
])('The end of a token is that %s', async (_what, tokens, expected) => {
  expect(await expiry(tokens)).toBe(expected);
});

it('is unknown where the product has no such list', async () => {
  const refused = new UpstreamError('jira_not_found', 'Nothing is there.', {
    upstream: 'jira',
    kind: 'refused',
    status: 404,
  });
  expect(await readTokenExpiry({ read: () => Promise.reject(refused) }, now)).toBeNull();
});

it('passes on that the caller has left', async () => {
  const left = new Error('left');
  await expect(readTokenExpiry({ read: () => Promise.reject(left) }, now)).rejects.toBe(left);
});
