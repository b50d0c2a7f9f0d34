import { z } from 'zod';
import { UpstreamError } from '../../errors/app-error.ts';
import type { RestCaller } from './rest-caller.ts';

const time = z.union([z.string(), z.number()]).nullish();
/** An entry of `/rest/pat/latest/tokens`, which both products have since they have personal access tokens. */
const tokenSchema = z.object({ expiringAt: time, lastAccessedAt: time });
type Token = z.infer<typeof tokenSchema>;

/**
 * When the token that asks runs out, in milliseconds since 1970; null where it never does, and where the product does
 * not tell. The list does not say which of a person's tokens asked: with several it is the one that was used last. Never
 * rejects for what the product answers: a date is worth no failure.
 */
export async function readTokenExpiry(rest: Pick<RestCaller, 'read'>, now: number): Promise<number | null> {
  try {
    return expiryOf(await rest.read({ path: '/rest/pat/latest/tokens' }, z.array(tokenSchema)), now);
  } catch (error) {
    if (error instanceof UpstreamError) return null;
    throw error;
  }
}

function expiryOf(tokens: readonly Token[], now: number): number | null {
  // One that has run out does not ask.
  const alive = tokens.filter(({ expiringAt }) => (timeOf(expiringAt) ?? Infinity) > now);
  if (alive.length <= 1) return timeOf(alive[0]?.expiringAt);
  const [newest, next] = alive
    .map((token) => ({ token, usedAt: timeOf(token.lastAccessedAt) ?? 0 }))
    .sort((a, b) => b.usedAt - a.usedAt);
  const isClear = newest !== undefined && next !== undefined && newest.usedAt > next.usedAt;
  return isClear ? timeOf(newest.token.expiringAt) : null;
}

function timeOf(text: string | number | null | undefined): number | null {
  if (text === null || text === undefined) return null;
  const at = typeof text === 'number' ? text : Date.parse(text);
  return Number.isFinite(at) ? at : null;
}
