import type { RestDeps } from '../atlassian/rest-caller.ts';

/** 64 KiB as a data URL. */
const MOST_BYTES = 47 * 1024;

/** Somebody waits at the form of registration meanwhile, and can do without. */
const LONGEST_WAIT_MS = 3_000;

/**
 * An avatar as a data: URL, or null where there is none to be had: it lies on another origin (a token goes to its own
 * origin only, and Gravatar is not asked about employees), is too large, is no image or takes longer than three seconds.
 * Never rejects: a person without a picture is still that person.
 */
export async function fetchAvatar(
  deps: Pick<RestDeps, 'http' | 'baseUrl' | 'token' | 'tls' | 'timeouts' | 'requestId' | 'signal'>,
  url: string | undefined,
): Promise<string | null> {
  if (!url || !URL.canParse(url) || new URL(url).origin !== new URL(deps.baseUrl).origin) return null;
  try {
    const { status, headers, body } = await deps.http.send({
      upstream: 'jira',
      method: 'GET',
      url,
      headers: { accept: 'image/*', authorization: `Bearer ${deps.token}` },
      tls: deps.tls,
      timeouts: { ...deps.timeouts, totalMs: Math.min(deps.timeouts.totalMs, LONGEST_WAIT_MS) },
      requestId: deps.requestId,
      signal: deps.signal,
    });
    const bytes = await readUpTo(MOST_BYTES, body);
    const type = /^image\/[a-z0-9.+-]+/i.exec(headers['content-type'] ?? '')?.[0];
    if (status !== 200 || !type || !bytes) return null;
    return `data:${type.toLowerCase()};base64,${bytes.toString('base64')}`;
  } catch {
    return null;
  }
}

async function readUpTo(limit: number, body: AsyncIterable<Uint8Array>): Promise<Buffer | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > limit) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
