/** Why a run was aborted: the reason of its signal. */
export class RunAborted extends Error {
  readonly end: 'stopped' | 'interrupted' | 'failed';
  constructor(end: RunAborted['end'], cause?: unknown) {
    super(`The run is ${end}.`, { cause });
    this.end = end;
  }
}

/** Whether a person stopped it, and not the end of this process. */
export function isStopped({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof RunAborted && reason.end === 'stopped';
}
