import { notify } from './toasts.svelte.ts';

/** Escape was pressed before what was to open was there. */
class GivenUp extends Error {
  constructor() {
    super('What was to open was given up before it was there.');
  }
}

/**
 * A part of the page that is fetched when it is first asked for. Rejects where Escape was pressed meanwhile: what opens
 * after that would open over somebody who is past it.
 */
export async function opening<T>(fetched: Promise<T>): Promise<T> {
  let isGivenUp = false;
  const listen = (event: KeyboardEvent) => {
    if (event.key === 'Escape') isGivenUp = true;
  };
  addEventListener('keydown', listen, true);
  try {
    const part = await fetched;
    if (isGivenUp) throw new GivenUp();
    return part;
  } finally {
    removeEventListener('keydown', listen, true);
  }
}

/** Tells that what was pressed did not open: the network, or a newer version of the server. Giving up needs no words. */
export function tellNotOpened(why: unknown): void {
  if (why instanceof GivenUp) return;
  notify('This could not be loaded, and nothing was changed. Check the connection, then press again.', {
    tone: 'info',
  });
}
