import { readPreference } from '$lib/contracts/preferences';
import { guardPage } from '../../signed-in';
import type { LayoutServerLoad } from './$types';

/** Conversations that the list shows at once; the search finds older ones. */
const LISTED = 100;

export const load: LayoutServerLoad = async ({ locals, url, depends }) => {
  depends('app:conversations');
  const { actor } = guardPage(locals, url);
  const { conversations, preferences, system, workspace } = locals.services;
  const [listed, stored, rules] = await Promise.all([
    conversations.list(actor, { limit: LISTED }),
    preferences.all(actor),
    workspace.rules(actor),
  ]);
  return {
    conversations: listed,
    rules: { groups: workspace.ruleSettingGroups(), ...rules },
    channel: system.channel(),
    panes: readPreference(stored, 'workspace', { list: 21, stories: 48 }),
  };
};
