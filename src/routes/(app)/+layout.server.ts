import { redirect } from '@sveltejs/kit';
import { railWidthPx, readPreference } from '$lib/contracts/preferences';
import { signInPage } from '../next-page';
import { signedIn } from '../signed-in';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, url, depends }) => {
  if (!locals.session || !locals.actor) redirect(303, signInPage(url));
  depends('app:shell');
  const { session, actor } = signedIn(locals);
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
    rail: readPreference(stored, 'rail', { width: railWidthPx.initial, pinned: true }),
  };
};
