import type { RunningApp, SignedIn } from './running-app.ts';

/** The tools of one server as a person's refresh found them, once it did. */
export async function toolListOf({ app }: RunningApp, { actor }: SignedIn, serverId: string) {
  const { tools, jobs } = app.services;
  for (;;) {
    // Listened for before the look, so that what changes during it is not missed.
    const changed = Promise.withResolvers<void>();
    const stop = jobs.watch(actor, () => changed.resolve());
    try {
      const list = (await tools.list(actor)).find((one) => one.serverId === serverId);
      if (list && list.fetchedAt !== null) return list;
      await changed.promise;
    } finally {
      stop();
    }
  }
}
