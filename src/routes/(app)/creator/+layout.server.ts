import { readPreference } from '$lib/contracts/preferences';
import { signedIn } from '../../signed-in';
import type { LayoutServerLoad } from './$types';

/** Conversations that the list shows at once; the search finds older ones. */
const LISTED = 100;

export const load: LayoutServerLoad = async ({ locals, depends }) => {
  depends('app:conversations');
  const { actor } = signedIn(locals);
  const { conversations, preferences, system } = locals.services;
  const [listed, stored] = await Promise.all([
    conversations.list(actor, { limit: LISTED }),
    preferences.all(actor),
  ]);
  return {
    conversations: listed,
    channel: system.channel(),
    panes: readPreference(stored, 'workspace', { list: 21, stories: 46 }),
  };
};
