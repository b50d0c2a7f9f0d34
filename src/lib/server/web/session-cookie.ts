import type { Cookies } from '@sveltejs/kit';
import type { SessionCookie } from '../services/services.ts';
import { sessionCookieName } from '../security/session-cookie-name.ts';

/** This browser's session cookie: HttpOnly, SameSite=Lax, and bound to the host over TLS. */
export function sessionCookie(
  cookies: Cookies,
  origin: string,
): { read(): string | undefined; write(session: SessionCookie | null): void } {
  const name = sessionCookieName(origin);
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: origin.startsWith('https:'),
  } as const;
  return {
    read: () => cookies.get(name),
    write(session) {
      if (session === null) cookies.delete(name, options);
      else cookies.set(name, session.value, { ...options, expires: new Date(session.expiresAt) });
    },
  };
}
