import { Readable, pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '../../errors/app-error.ts';
import { unreadableProblem } from './network-problem.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

/** What `decompressedBody` undoes, most wanted first. */
export const acceptedEncodings = 'gzip, br, deflate';

const DECODERS: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The body as it was before its content coding, piece by piece as it arrives. Rejects with what the source rejects
 * with, or with `<upstream>_unreadable` where the coding is unknown or its bytes are damaged.
 */
export function decompressedBody(
  source: AsyncIterable<Uint8Array>,
  contentEncoding: string,
  upstream: OutgoingRequest['upstream'],
): AsyncIterable<Uint8Array> {
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === '' || coding === 'identity') return source;
  return decode(source, DECODERS[coding], upstream);
}

async function* decode(
  source: AsyncIterable<Uint8Array>,
  createDecoder: (() => NodeJS.ReadWriteStream) | undefined,
  upstream: OutgoingRequest['upstream'],
): AsyncGenerator<Uint8Array> {
  if (!createDecoder)
    throw unreadableProblem(upstream, 'answered in a content coding that was not asked for');
  const decoder = createDecoder();
  // The callback keeps the failure from being unhandled; the loop below meets it too.
  pipeline(Readable.from(source, { objectMode: false }), decoder, () => {});
  try {
    for await (const piece of decoder) yield Buffer.from(piece);
  } catch (cause) {
    if (cause instanceof AppError || !isZlibError(cause)) throw cause;
    throw unreadableProblem(upstream, 'sent a damaged answer', { cause });
  }
}

function isZlibError(cause: unknown): boolean {
  return (
    cause instanceof Error && 'code' in cause && /^(Z_|ERR_(_)?(BROTLI|BUFFER|ZLIB))/.test(String(cause.code))
  );
}
