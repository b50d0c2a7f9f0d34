import { createApp } from '../../src/lib/server/app.ts';
import { stopOnSignal } from '../../src/lib/server/web/stop-on-signal.ts';
import { readSettings } from '../../src/lib/server/settings/settings.ts';
import type { AppOrder, AppReady } from './app-process.ts';
import { atOnce } from './running-app.ts';
import { migrationsFolder } from './temp-database.ts';

/** An app in a process of its own. It loads everything first and then waits for its folder, so that it starts fast. */
process.once('message', async ({ env, practice }: AppOrder) => {
  const app = await createApp(readSettings(env), { migrationsFolder, llmPace: atOnce, practice });
  stopOnSignal(app);
  const ready: AppReady = { channelUrl: app.channel?.url ?? '' };
  process.send?.(ready);
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit(0));
