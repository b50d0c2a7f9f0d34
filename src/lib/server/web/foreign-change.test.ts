import { expect, test } from 'vitest';
import { refuseForeignChange } from './foreign-change.ts';

const origin = 'https://backlogue.example.com';

function refusal(method: string, headers: Record<string, string>): number | null {
  const request = new Request(`${origin}/profile`, { method, headers });
  return refuseForeignChange(request, origin, 'request-1')?.status ?? null;
}

const foreign = [
  'https://evil.example.com',
  'http://backlogue.example.com',
  'https://backlogue.example.com:8443',
  'https://backlogue.example.com.evil.example',
  'https://sub.backlogue.example.com',
  'null',
  '',
];

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s from another origin is refused', (method) => {
  for (const from of foreign) expect(refusal(method, { origin: from })).toBe(403);
});

test.each(['text/plain', 'application/json', 'multipart/form-data'])(
  'whatever content type it has: %s',
  (type) => {
    expect(refusal('POST', { origin: 'https://evil.example.com', 'content-type': type })).toBe(403);
  },
);

test('Our own pages change things, and so do programs, which have no cookie that others could borrow', () => {
  expect(refusal('POST', { origin })).toBeNull();
  expect(refusal('POST', {})).toBeNull();
  expect(refusal('POST', { 'sec-fetch-site': 'same-origin' })).toBeNull();
  expect(refusal('POST', { 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(refusal('POST', { 'sec-fetch-site': 'same-site' })).toBe(403);
});

test('Reading is nobody’s change', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS'])
    expect(refusal(method, { origin: 'https://evil.example.com' })).toBeNull();
});
