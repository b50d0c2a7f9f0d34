import { strictTransportSecurity } from './server-headers.ts';
import type { Settings } from '../settings/settings.ts';

/** What every answer carries. SvelteKit writes the CSP of pages with their nonces; the channel's origin joins it here. */
export function addSecurityHeaders(
  headers: Headers,
  { settings, channelUrl }: { settings: Settings; channelUrl: () => string },
): void {
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Referrer-Policy', 'same-origin');
  headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  headers.set('X-Frame-Options', 'DENY');
  if (settings.origin.startsWith('https:')) headers.set('Strict-Transport-Security', strictTransportSecurity);
  // SvelteKit names none. JSON is UTF-8 by definition, and pages have a <meta>, but ASVS 4.1.1 wants every text to say so.
  const type = headers.get('content-type');
  // Its own words for a method that an address does not have.
  if (type === null && Number(headers.get('content-length')) > 0)
    headers.set('Content-Type', 'text/plain; charset=utf-8');
  if (type === 'application/json' || type === 'text/html')
    headers.set('Content-Type', `${type}; charset=utf-8`);
  // A page shows what is one person's: neither a proxy nor the browser's history may keep it after they left.
  if (headers.get('content-type')?.startsWith('text/html') && !headers.has('cache-control'))
    headers.set('Cache-Control', 'private, no-store');
  const policy = headers.get('content-security-policy');
  if (policy !== null) headers.set('content-security-policy', allowChannel(policy, channelUrl()));
}

function allowChannel(policy: string, channelUrl: string): string {
  const { origin } = new URL(channelUrl);
  return policy.replace(
    /connect-src [^;]*/,
    (directive) => `${directive} ${origin} ${origin.replace(/^http/, 'ws')}`,
  );
}
