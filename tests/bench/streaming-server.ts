import type { AnswerScript } from './answer-script.ts';
import type { StreamTimes } from './stamps.ts';

/** Whatever passes a model's tokens on: the product, or another server that is measured beside it. */
export interface StreamingServer {
  name: string;
  /** Processor time that its process has used so far, all threads. */
  cpuMs(): Promise<number>;
  /** Makes ready, outside of what is measured, what `count` answers need, of which `atOnce` run at a time. */
  open(wanted: { atOnce: number; count: number }): Promise<OpenStreams>;
}

export interface OpenStreams {
  /** Each asks for one answer and resolves once the server has done all of its work for it. */
  answers: ((script: AnswerScript) => Promise<StreamTimes>)[];
  close(): void;
}
