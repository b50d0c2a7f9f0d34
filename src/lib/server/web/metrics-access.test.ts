import { describe, expect, it } from 'vitest';
import { mayReadMetrics } from './metrics-access.ts';

const from = (connectionAddress: string, headers: Record<string, string> = {}) => ({
  connectionAddress,
  headers: new Headers(headers),
});

describe('Reading the metrics', () => {
  it('is for this machine alone where no token is set', () => {
    expect(mayReadMetrics(from('127.0.0.1'), null)).toBe(true);
    expect(mayReadMetrics(from('::1'), null)).toBe(true);
    expect(mayReadMetrics(from('::ffff:127.0.0.1'), null)).toBe(true);
    expect(mayReadMetrics(from('10.0.0.7'), null)).toBe(false);
  });

  it('is not for the world behind a proxy on this machine', () => {
    expect(mayReadMetrics(from('127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }), null)).toBe(false);
  });

  it('takes the token, and only the token, where one is set', () => {
    expect(mayReadMetrics(from('10.0.0.7', { authorization: 'Bearer abc' }), 'abc')).toBe(true);
    expect(mayReadMetrics(from('127.0.0.1'), 'abc')).toBe(false);
    expect(mayReadMetrics(from('127.0.0.1', { authorization: 'Bearer ab' }), 'abc')).toBe(false);
  });
});
