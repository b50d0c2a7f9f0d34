import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, runProxy, type RunningProxy } from './proxy-process.ts';

const shipped = fileURLToPath(new URL('../../deploy/Caddyfile', import.meta.url));

/** Where Debian's Caddy lies, or null. */
export function findCaddy(): string | null {
  return ['/usr/bin/caddy', '/usr/local/bin/caddy', '/opt/homebrew/bin/caddy'].find(existsSync) ?? null;
}

/** Runs Caddy with the shipped file, in which only ports and the certificate are changed. */
export async function startCaddy(
  program: string,
  ports: { pages: number; channel: number },
): Promise<RunningProxy> {
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  return runProxy({ httpPort, httpsPort }, ({ folder, certificate }) => {
    const site = readFileSync(shipped, 'utf8')
      .replace('127.0.0.1:3000', `127.0.0.1:${ports.pages}`)
      .replace('127.0.0.1:3001', `127.0.0.1:${ports.channel}`)
      .replace(
        '{$BACKLOGUE_HOST:backlogue.example.com} {',
        `localhost {\n\tbind 127.0.0.1\n\ttls ${certificate.cert} ${certificate.key}`,
      );
    const options = `{\n\tadmin off\n\thttp_port ${httpPort}\n\thttps_port ${httpsPort}\n\tstorage file_system ${folder}\n}\n`;
    return {
      program,
      args: ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')],
      files: { Caddyfile: options + site },
    };
  });
}
