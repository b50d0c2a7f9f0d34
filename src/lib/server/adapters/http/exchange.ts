import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { deadlineProblem, networkProblem } from './network-problem.ts';
import type { CallInProgress, Deadline } from './network-problem.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

export interface ResponseHead {
  status: number;
  headers: IncomingHttpHeaders;
}

/** Bytes that wait for a slow reader before the connection is paused. */
const HIGH_WATER_BYTES = 256 * 1024;

/**
 * One request and its answer, as undici's dispatcher tells it. Owns the call's deadlines and its abort signal, and
 * knows whether a byte may have left. A limit of 0 ms means no limit.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** Settles once the status line and headers are there. */
  readonly head: Promise<ResponseHead>;
  readonly #call: CallInProgress;
  readonly #timeouts: OutgoingRequest['timeouts'];
  readonly #signal: AbortSignal | undefined;
  readonly #settleHead: { resolve(head: ResponseHead): void; reject(reason: unknown): void };
  readonly #chunks: Uint8Array[] = [];
  #bufferedBytes = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #end: 'open' | 'complete' | { reason: unknown } = 'open';
  #wakeReader: (() => void) | undefined;
  #totalTimer: NodeJS.Timeout | undefined;
  #waitTimer: NodeJS.Timeout | undefined;

  constructor(
    call: Omit<CallInProgress, 'sent'>,
    timeouts: OutgoingRequest['timeouts'],
    signal?: AbortSignal,
  ) {
    const settle = Promise.withResolvers<ResponseHead>();
    this.head = settle.promise;
    this.#settleHead = settle;
    this.#call = { ...call, sent: false };
    this.#timeouts = timeouts;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#totalTimer = this.#startDeadline('total', timeouts.totalMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection: the dispatcher then writes nothing.
    if (typeof this.#end === 'object') return controller.abort(asError(this.#end.reason));
    this.#call.sent = true;
    this.#waitTimer = this.#startDeadline('first_byte', this.#timeouts.firstByteMs);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    clearTimeout(this.#waitTimer);
    this.#settleHead.resolve({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.byteLength;
    if (this.#bufferedBytes > HIGH_WATER_BYTES) controller.pause();
    this.#wakeReader?.();
  }

  onResponseEnd(): void {
    this.#finish('complete');
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** Ends the exchange now. What was received stays readable until the reader meets the failure. */
  fail(reason: unknown): void {
    if (this.#end !== 'open') return;
    const stopped = this.#signal?.aborted === true && reason === this.#signal.reason;
    const told = stopped ? reason : networkProblem(this.#call, reason);
    this.#finish({ reason: told });
    this.#settleHead.reject(told);
    this.#controller?.abort(asError(told));
  }

  /** The body as it arrives. A reader that leaves early ends the call. */
  async *body(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk) {
          this.#bufferedBytes -= chunk.byteLength;
          if (this.#controller?.paused && this.#bufferedBytes === 0) this.#controller.resume();
          yield chunk;
        } else if (this.#end === 'complete') {
          return;
        } else if (typeof this.#end === 'object') {
          throw this.#end.reason;
        } else {
          await this.#nextSign();
        }
      }
    } finally {
      this.fail(new Error('the reader left'));
    }
  }

  /** Waits for a piece of the body or its end. The idle limit counts only while somebody waits. */
  async #nextSign(): Promise<void> {
    this.#waitTimer = this.#startDeadline('idle', this.#timeouts.idleMs);
    await new Promise<void>((resolve) => {
      this.#wakeReader = resolve;
    });
    clearTimeout(this.#waitTimer);
    this.#wakeReader = undefined;
  }

  #finish(end: 'complete' | { reason: unknown }): void {
    this.#end = end;
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#waitTimer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#wakeReader?.();
  }

  readonly #onAbort = () => this.fail(this.#signal?.reason);

  #startDeadline(deadline: Deadline, limitMs: number): NodeJS.Timeout | undefined {
    if (limitMs === 0) return undefined;
    return setTimeout(() => this.fail(deadlineProblem(this.#call, deadline, limitMs)), limitMs);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The call was stopped', { cause: reason });
}
