import { describe, expect, it } from 'vitest';
import { nextPage, signInPage } from './next-page.ts';

const signIn = (next: string) => new URL(`http://here.test/sign-in?next=${encodeURIComponent(next)}`);

describe('the page after signing in', () => {
  it.each(['/creator/01ABC', '/configurations?kind=jira'])('is the one that was wanted: %s', (path) => {
    expect(nextPage(signIn(path))).toBe(path);
  });

  it.each([
    'https://elsewhere.test/',
    '//elsewhere.test',
    '/\\elsewhere.test',
    '\\\\elsewhere.test',
    'dashboard',
    '',
  ])('is the dashboard instead of %j', (wanted) => {
    expect(nextPage(signIn(wanted))).toBe('/dashboard');
  });

  it('survives the way through the sign-in page', () => {
    const wanted = new URL('http://here.test/creator/01ABC?draft=2');
    expect(nextPage(new URL(signInPage(wanted), wanted))).toBe('/creator/01ABC?draft=2');
  });
});
