import { createChannel, type Channel } from './channel.ts';
import { sessionCookieName } from '../security/session-cookie-name.ts';
import type { Services } from '../services/services.ts';
import type { Settings } from '../settings/settings.ts';
import type { Foundations } from '../composition/foundations.ts';
import { portProblem } from '../errors/port-problem.ts';

/** Opens the channel that pages talk over. Rejects with a sentence where its port is taken. */
export function openChannel(
  settings: Settings,
  services: Services,
  { clock, log }: Foundations,
  build: string,
): Promise<Channel> {
  return createChannel({
    engine: settings.socketEngine,
    host: settings.host,
    port: settings.socketPort,
    origins: [settings.origin],
    cookieName: sessionCookieName(settings.origin),
    proxies: settings.trustProxy,
    services,
    clock,
    log,
    build,
  }).catch((error: unknown) => {
    throw portProblem(error, 'the channel', 'SOCKET_PORT');
  });
}
