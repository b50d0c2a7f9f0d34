import type { Logger } from '../../observability/logger.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

/** One call of another system, as its line in the log tells of it. Plain data: it crosses from thread to thread. */
export interface CallOut {
  upstream: OutgoingRequest['upstream'];
  method: OutgoingRequest['method'];
  /** Without the query, which may quote people. */
  target: string;
  /** Null where no answer came. */
  status: number | null;
  duration_ms: number;
  /** `answered`, whatever the status; else the code of what went wrong, or `stopped`. */
  outcome: string;
  x_request_id: string | null;
  user_id: string | null;
}

/** Writes the line of each call. */
export function logCallsOut(log: Logger): (call: CallOut) => void {
  return (call) => log.info(call, 'Call out');
}
