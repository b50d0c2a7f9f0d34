import { hashSync, verifySync } from '@node-rs/bcrypt';
import { z } from 'zod';
import { comeAfterStreams } from '../operations/thread-priority.ts';

// Its other form would compute on libuv's threads, whose priority is that of the thread that streams.
comeAfterStreams('below normal');

const inputSchema = z.discriminatedUnion('task', [
  z.object({ task: z.literal('hash'), text: z.string(), cost: z.int() }),
  z.object({ task: z.literal('verify'), text: z.string(), hash: z.string() }),
]);

export type BcryptInput = z.infer<typeof inputSchema>;

/** The hash of a text, or whether a hash is that of a text. */
export default function bcrypt(message: unknown): string | boolean {
  const input = inputSchema.parse(message);
  return input.task === 'hash' ? hashSync(input.text, input.cost) : verifySync(input.text, input.hash);
}
