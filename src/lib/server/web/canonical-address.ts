const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Where a page belongs that was opened under another name of this machine: `127.0.0.1` and `localhost` are two origins
 * to a browser, with two sets of cookies, and forms of the wrong one would be refused. Null when all is well.
 */
export function canonicalAddress(request: Request, url: URL, origin: string): string | null {
  const host = request.headers.get('host');
  if (host === null || request.method !== 'GET' || origin.endsWith(`//${host}`)) return null;
  const canonical = new URL(origin);
  if (host === canonical.host) return null;
  if (!loopbackNames.has(canonical.hostname) || !loopbackNames.has(hostnameOf(host))) return null;
  // Programs ask for these by whatever address they know.
  if (/^\/(?:healthz|readyz|metrics|api\/)/.test(url.pathname)) return null;
  return `${origin}${url.pathname}${url.search}`;
}

function hostnameOf(host: string): string {
  return URL.parse(`http://${host}`)?.hostname ?? '';
}
