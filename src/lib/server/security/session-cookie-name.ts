/** The `__Host-` prefix makes browsers refuse a cookie that another subdomain or plain http planted; it needs TLS. */
export function sessionCookieName(origin: string): string {
  return origin.startsWith('https:') ? '__Host-backlogue-session' : 'backlogue-session';
}
