import { unreadableProblem } from '../http/network-problem.ts';
import type { ChatModelDeps, ChatModelUser } from './chat-model.ts';
import { jsonReader } from './json-path.ts';
import { buildModelRequest } from './model-request.ts';
import { openAnswer } from './open-answer.ts';

/**
 * Asks the model whose credential it got.
 * @returns the employee id as the model names it; null where config.json has no whoami endpoint.
 * @throws what `ChatModel.complete` throws, and UpstreamError `llm_unreadable` when the answer holds no identity.
 */
export async function whoAmI(
  deps: ChatModelDeps,
  user: ChatModelUser,
  signal: AbortSignal,
): Promise<string | null> {
  const product = deps.configStore.current();
  const endpoint = product.config.llm.endpoints.whoami;
  if (!endpoint) return null;
  const { url, secret, tls } = await user.credential();
  const prompt = { type: 'whoami', system: '', messages: [] } as const;
  const built = buildModelRequest(product, url, secret, user, prompt);
  const opened = await openAnswer(deps, {
    // Identity comes as one JSON body, however the model answers otherwise.
    request: { ...built, dialect: { ...built.dialect, type: 'json' } },
    tls,
    limits: product.config.llm,
    requestId: user.requestId,
    signal,
  });
  try {
    return identityIn(await readAll(opened.body), endpoint.identityPath);
  } finally {
    opened.release();
  }
}

const LONGEST_BODY_BYTES = 64 * 1024;
const LONGEST_IDENTITY_CHARACTERS = 200;

async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > LONGEST_BODY_BYTES)
      throw unreadableProblem('llm', 'answered its identity call with too much');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function identityIn(body: string, path: string | undefined): string {
  let identity: unknown;
  try {
    identity = jsonReader(path)(JSON.parse(body));
  } catch (cause) {
    throw unreadableProblem('llm', 'answered its identity call with something that is not JSON', { cause });
  }
  const text = typeof identity === 'number' ? String(identity) : identity;
  if (typeof text === 'string' && text !== '' && text.length <= LONGEST_IDENTITY_CHARACTERS) return text;
  throw unreadableProblem(
    'llm',
    `answered its identity call without an identity at ${path ?? 'identityPath'}`,
  );
}
