import type { Cookies } from '@sveltejs/kit';

/** Carries a registration, or the proof before a new password, from its first step to its second. */
export const attemptCookie = {
  read: (cookies: Cookies, url: URL) => cookies.get(nameAt(url)) ?? null,
  set(cookies: Cookies, url: URL, attempt: string, expiresAt: number) {
    cookies.set(nameAt(url), attempt, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: url.protocol === 'https:',
      expires: new Date(expiresAt),
    });
  },
  drop: (cookies: Cookies, url: URL) =>
    cookies.delete(nameAt(url), { path: '/', secure: url.protocol === 'https:' }),
};

/** As the session cookie: the prefix keeps other subdomains from planting one, and it needs TLS. */
function nameAt({ protocol }: URL): string {
  return protocol === 'https:' ? '__Host-backlogue-attempt' : 'backlogue-attempt';
}
