/** How long a browser may rely on the answer of a preflight. */
const PREFLIGHT_SECONDS = 600;

/**
 * The origin of another site whose pages may use the API with a personal key: null unless an administrator listed it
 * and the address lies under /api/. Cookies never count for it (no `Access-Control-Allow-Credentials`), so a listed
 * site can do what the key that it holds can, and nothing in the name of whoever looks at it.
 */
export function listedOrigin(
  request: Request,
  { pathname }: Pick<URL, 'pathname'>,
  listed: readonly string[],
): string | null {
  const from = request.headers.get('origin');
  return from !== null && pathname.startsWith('/api/') && listed.includes(from) ? from : null;
}

/** Answers the browser's question before the request proper; null where it is no such question. */
export function answerPreflight(request: Request, origin: string): Response | null {
  if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return null;
  const headers = new Headers({
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, Last-Event-ID, X-Request-ID',
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
  });
  allowReading(headers, origin);
  return new Response(null, { status: 204, headers });
}

/** Lets scripts of that origin read an answer. */
export function allowReading(headers: Headers, origin: string): void {
  headers.set('Access-Control-Allow-Origin', origin);
  headers.set('Access-Control-Expose-Headers', 'Retry-After, X-Request-ID');
  headers.append('Vary', 'Origin');
}

/** Whether the request brings a key of its own. A browser sends one to another origin only after a preflight. */
export function presentsKey(request: Request): boolean {
  // A proxy in front may have a Basic credential of its own.
  return /^bearer /i.test(request.headers.get('authorization') ?? '');
}
