import { railWidthPx, readPreference } from '$lib/contracts/preferences';
import { guardPage } from '../signed-in';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, url, depends }) => {
  depends('app:shell');
  const { session, actor } = guardPage(locals, url);
  const { configuration, preferences, system } = locals.services;
  const [features, stored] = await Promise.all([configuration.features(actor), preferences.all(actor)]);
  return {
    person: session.user,
    session: {
      expiresAt: session.expiresAt,
      absoluteExpiresAt: session.absoluteExpiresAt,
      now: Date.now(),
    },
    features,
    testsDue: new Set(features.flatMap(({ missing }) => missing)).size,
    practice: system.mode() === 'practice',
    pendingMode: system.pendingMode(),
    outage: system.outage(),
    hintsDone: readPreference(stored, 'hintsDone', []),
    rail: readPreference(stored, 'rail', { width: railWidthPx.initial, pinned: true }),
  };
};
