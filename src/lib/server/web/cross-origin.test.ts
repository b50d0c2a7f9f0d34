import { describe, expect, it } from 'vitest';
import { readSettings } from '../settings/settings.ts';
import { allowReading, answerPreflight, listedOrigin, presentsKey } from './cross-origin.ts';

const board = 'https://board.example.com';
const ask = (path: string, headers: Record<string, string>, method = 'GET') => {
  const url = new URL(`http://localhost:3000${path}`);
  return { url, request: new Request(url, { method, headers }) };
};

describe('the list of other origins', () => {
  it('is empty unless it is set, and takes origins only', () => {
    expect(readSettings({}).corsOrigins).toEqual([]);
    expect(readSettings({ CORS_ORIGINS: `${board}, http://localhost:5173` }).corsOrigins).toEqual([
      board,
      'http://localhost:5173',
    ]);
    for (const wrong of ['*', 'null', `${board}/`, `${board}/path`, 'board.example.com', 'file://x'])
      expect(() => readSettings({ CORS_ORIGINS: wrong })).toThrow('CORS_ORIGINS');
  });

  it.each([
    ['/api/conversations', board, board],
    ['/api/conversations', 'https://board.example.com.evil.test', null],
    ['/api/conversations', 'http://board.example.com', null],
    ['/api/conversations', 'null', null],
    ['/profile', board, null],
    ['/apix', board, null],
  ])('for %s and %s says %s', (path, origin, expected) => {
    const { request, url } = ask(path, { origin });
    expect(listedOrigin(request, url, [board])).toBe(expected);
    expect(listedOrigin(request, url, [])).toBeNull();
  });
});

describe('a preflight', () => {
  const question = { origin: board, 'access-control-request-method': 'POST' };

  it('is told what may be sent, and that no cookie goes along', () => {
    const answer = answerPreflight(ask('/api/conversations', question, 'OPTIONS').request, board);
    expect(answer?.status).toBe(204);
    expect(Object.fromEntries(answer?.headers ?? [])).toMatchObject({
      'access-control-allow-origin': board,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': expect.stringContaining('Authorization'),
      vary: 'Origin',
    });
    expect(answer?.headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('is neither a request proper nor a bare OPTIONS', () => {
    expect(answerPreflight(ask('/api/jobs', question).request, board)).toBeNull();
    expect(answerPreflight(ask('/api/jobs', { origin: board }, 'OPTIONS').request, board)).toBeNull();
  });
});

it('an answer keeps what it already varies by', () => {
  const headers = new Headers({ vary: 'Accept-Encoding' });
  allowReading(headers, board);
  expect(headers.get('vary')).toBe('Accept-Encoding, Origin');
});

it.each([
  [{ authorization: 'Bearer blk_1' }, true],
  [{ authorization: 'Basic eDp5' }, false],
  [{}, false],
])('of the headers %j a key is told apart: %s', (headers, expected) => {
  expect(presentsKey(ask('/api/jobs', headers).request)).toBe(expected);
});
