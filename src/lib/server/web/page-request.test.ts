import { describe, expect, test } from 'vitest';
import { NotFoundError } from '../errors/app-error.ts';
import { readSettings } from '../settings/settings.ts';
import { canonicalAddress } from './canonical-address.ts';
import { errorForPage } from './page-error.ts';
import { acceptRequestId } from './request-id.ts';
import { addSecurityHeaders } from './security-headers.ts';

describe('a request id', () => {
  test.each(['abcdefgh', '01J00000-abc.def_9', 'x'.repeat(64)])(
    'is the caller’s where it is plain: %s',
    (id) => {
      expect(acceptRequestId(id)).toBe(id);
    },
  );

  test.each([
    null,
    '',
    'short',
    'x'.repeat(65),
    'with space here',
    'new\nline-here',
    '-leading-dash',
    '<script>x',
  ])('is a new one instead of %j', (given) => {
    expect(acceptRequestId(given)).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('a page opened under another name of this machine', () => {
  const origin = 'http://localhost:3000';
  const where = (host: string, path = '/creator?x=1', options: RequestInit = {}, ours = origin) =>
    canonicalAddress(
      new Request(`http://${host}${path}`, { ...options, headers: { host } }),
      new URL(`http://${host}${path}`),
      ours,
    );

  test('moves to the canonical one with path and query', () => {
    expect(where('127.0.0.1:3000')).toBe('http://localhost:3000/creator?x=1');
    expect(where('[::1]:3000')).toBe('http://localhost:3000/creator?x=1');
  });

  test('stays where it is right, is a change, or is asked for by programs', () => {
    expect(where('localhost:3000')).toBeNull();
    expect(where('127.0.0.1:3000', '/creator', { method: 'POST' })).toBeNull();
    for (const path of ['/healthz', '/readyz', '/metrics', '/api/jobs'])
      expect(where('127.0.0.1:3000', path)).toBeNull();
  });

  test('never moves to or from a name that is not this machine', () => {
    expect(where('evil.example.com')).toBeNull();
    expect(where('127.0.0.1:3000', '/', {}, 'https://backlogue.example.com')).toBeNull();
  });
});

describe('an error page', () => {
  const asked = { status: 500, message: 'Internal Error', requestId: 'request-1' };

  test('says what an error of ours says', () => {
    const error = new NotFoundError('conversation_missing', 'There is no such conversation.', {
      hint: 'Look.',
    });
    expect(errorForPage(error, asked)).toEqual({
      message: 'There is no such conversation.',
      code: 'conversation_missing',
      hint: 'Look.',
      requestId: 'request-1',
    });
  });

  test('says nothing of any other error but its request id', () => {
    const told = JSON.stringify(errorForPage(new Error('token NDgyOTEw at /srv/app'), asked));
    expect(told).toContain('request-1');
    expect(told).not.toMatch(/NDgyOTEw|srv/);
  });

  test('is plain about an address with nothing at it', () => {
    expect(errorForPage(null, { ...asked, status: 404 })).toMatchObject({ code: 'not_found' });
    expect(errorForPage(null, { ...asked, status: 405, message: 'Not allowed' }).message).toBe('Not allowed');
  });
});

describe('security headers', () => {
  function headersFor(origin: string): Headers {
    const headers = new Headers({
      'content-security-policy': "default-src 'self'; connect-src 'self'; img-src data:",
    });
    addSecurityHeaders(headers, {
      settings: readSettings({ ORIGIN: origin }),
      channelUrl: () => 'http://localhost:3001/',
    });
    return headers;
  }

  test('let the page reach its channel, and nothing else', () => {
    expect(headersFor('http://localhost:3000').get('content-security-policy')).toBe(
      "default-src 'self'; connect-src 'self' http://localhost:3001 ws://localhost:3001; img-src data:",
    );
  });

  test('promise TLS only where there is TLS', () => {
    expect(headersFor('https://backlogue.example.com').has('strict-transport-security')).toBe(true);
    expect(headersFor('http://localhost:3000').has('strict-transport-security')).toBe(false);
    expect(headersFor('http://localhost:3000').get('x-frame-options')).toBe('DENY');
  });
});
