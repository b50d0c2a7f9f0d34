import { join } from 'node:path';
import { installedAt, runProxy, shippedFor, type Listeners } from './proxy-process.ts';

/** Where Debian's Caddy lies, or null. */
export const findCaddy = () =>
  installedAt('/usr/bin/caddy', '/usr/local/bin/caddy', '/opt/homebrew/bin/caddy');

/** Runs Caddy with the shipped file, in which only ports and the certificate are changed. */
export const startCaddy = (program: string, listeners: Listeners) =>
  runProxy(({ folder, certificate, httpPort, httpsPort }) => {
    const site = shippedFor(listeners, 'Caddyfile').replace(
      '{$BACKLOGUE_HOST:backlogue.example.com} {',
      `localhost {\n\tbind 127.0.0.1\n\ttls ${certificate.cert} ${certificate.key}`,
    );
    const options = `{\n\tadmin off\n\thttp_port ${httpPort}\n\thttps_port ${httpsPort}\n\tstorage file_system ${folder}\n}\n`;
    const args = ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
    return { program, args, files: { Caddyfile: options + site } };
  });
