import type { Cookies } from '@sveltejs/kit';

/** Carries a registration, or the proof before a new password, from its first step to its second. */
const NAME = 'backlogue_attempt';

export const attemptCookie = {
  read: (cookies: Cookies) => cookies.get(NAME) ?? null,
  set(cookies: Cookies, url: URL, attempt: string, expiresAt: number) {
    cookies.set(NAME, attempt, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: url.protocol === 'https:',
      expires: new Date(expiresAt),
    });
  },
  drop: (cookies: Cookies) => cookies.delete(NAME, { path: '/' }),
};
