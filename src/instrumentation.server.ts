import { startTracing } from '$lib/server/observability/start-tracing';
import { readSettings, type Settings } from '$lib/server/settings/settings';

// Before any other module of the server. Settings that cannot be read are told of by the app, in its own words.
const settings = settingsOrNull();
if (settings) await startTracing(settings);

function settingsOrNull(): Settings | null {
  try {
    return readSettings(process.env);
  } catch {
    return null;
  }
}
