import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';

interface FolderWatchOptions {
  /** Quiet time after the last event: editors write, rename and touch in several steps. */
  settleMs: number;
  /**
   * How often to look without being told. Events get lost on network file systems, and when the folder itself is
   * swapped for another by rename or symlink.
   */
  lookAgainMs: number;
  /** The system cannot watch the folder; looking again goes on. */
  onUnwatchable: (error: unknown) => void;
}

/** Calls `look` some time after anything in the folder changed, and now and then besides. Returns the call that stops. */
export function watchFolder(dir: string, look: () => void, options: FolderWatchOptions): () => void {
  let settling: NodeJS.Timeout | undefined;
  const lookSoon = () => {
    clearTimeout(settling);
    settling = setTimeout(look, options.settleMs).unref();
  };
  const watcher = tryToWatch(dir, lookSoon, options.onUnwatchable);
  const lookingAgain = setInterval(look, options.lookAgainMs).unref();
  return () => {
    clearTimeout(settling);
    clearInterval(lookingAgain);
    watcher?.close();
  };
}

function tryToWatch(dir: string, onEvent: () => void, onError: (error: unknown) => void): FSWatcher | null {
  try {
    return watch(dir, { persistent: false }, onEvent).on('error', onError);
  } catch (error) {
    onError(error);
    return null;
  }
}
