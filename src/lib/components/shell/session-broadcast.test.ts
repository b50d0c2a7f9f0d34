import { expect, it } from 'vitest';
import { announceSignOut, openSessionBroadcast } from './session-broadcast.ts';

it('tells the other tabs of a sign-out, and not the page whose form is still to be sent', async () => {
  const heard: string[] = [];
  const otherTab = new BroadcastChannel('backlogue-session');
  const toldThere = new Promise((resolve) => (otherTab.onmessage = ({ data }) => resolve(data)));
  const answered = Promise.withResolvers<void>();
  const page = openSessionBroadcast({
    renewed: () => answered.resolve(),
    ended: (because) => heard.push(because),
  });
  try {
    announceSignOut();
    expect(await toldThere).toEqual({ kind: 'ended', because: 'signed_out' });
    // Messages keep their order: once this answer is here, so is whatever the page could have told itself.
    otherTab.postMessage({ kind: 'renewed', times: {} });
    await answered.promise;
    expect(heard).toEqual([]);
  } finally {
    page.close();
    otherTab.close();
  }
});
