import { building, dev } from '$app/environment';
import { startTracing } from '$lib/server/observability/start-tracing';
import { readSettings, type Settings } from '$lib/server/settings/settings';
import { failStart } from '$lib/server/web/fail-start';

// Before any other module of the server: the node adapter reads some of the same variables and tells of none in a sentence.
const settings = building ? null : settingsOrEnd();
if (settings) await startTracing(settings);

/** In development the app itself tells what cannot be read, so that a reload can follow. */
function settingsOrEnd(): Settings | null {
  try {
    return readSettings(process.env);
  } catch (error) {
    return dev ? null : failStart(error);
  }
}
