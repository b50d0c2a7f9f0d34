import type { Settings } from '../../settings/settings.ts';
import { openKeyring } from '../../security/keyring.ts';
import { ok, wrong } from './finding.ts';

/** What a production start needs to be told, and what would be unsafe. */
export function checkEnvironment(settings: Settings, mode: 'practice' | 'live' | null) {
  const origin = new URL(settings.origin);
  const faults = [
    settings.nodeEnv === 'production' ? '' : `NODE_ENV is ${settings.nodeEnv}, not production.`,
    origin.protocol === 'https:' ? '' : `ORIGIN is ${settings.origin}: people must come over https.`,
    ['localhost', '127.0.0.1'].includes(origin.hostname) ? 'ORIGIN names this machine only.' : '',
    origin.protocol === 'https:' && settings.trustProxy === 0
      ? 'TRUST_PROXY is 0, but TLS ends at a proxy: everybody would share its address, and its limits.'
      : '',
    settings.logLevel === 'silent' ? 'LOG_LEVEL is silent.' : '',
    mode === 'practice' ? 'config.json says "mode": "practice".' : '',
  ].filter((fault) => fault !== '');
  return faults.length > 0
    ? wrong(faults.join(' '))
    : ok(`For ${settings.origin}, behind ${settings.trustProxy} proxy.`);
}

/** @throws AppError where the keys cannot be used */
export function checkKeys({ keyFile, encryptionKeys, dataDir }: Settings) {
  const { ids } = openKeyring({ file: keyFile, env: encryptionKeys, mayCreate: false });
  if (encryptionKeys === null && keyFile.startsWith(`${dataDir}/`)) {
    return wrong(
      `The key file lies in the data folder ${dataDir}: a copy of that folder could be read. Move it.`,
    );
  }
  return ok(
    `${ids.length} in ${encryptionKeys === null ? keyFile : 'ENCRYPTION_KEYS'}. Is a copy kept elsewhere?`,
  );
}
