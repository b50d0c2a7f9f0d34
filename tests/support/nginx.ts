import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, runProxy, type RunningProxy } from './proxy-process.ts';

const shipped = fileURLToPath(new URL('../../deploy/nginx.conf', import.meta.url));

/** Where Debian's nginx lies, or null. */
export function findNginx(): string | null {
  return ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync) ?? null;
}

/** Runs nginx with the shipped file, in which only ports, the certificate and where logs go are changed. */
export async function startNginx(
  program: string,
  ports: { pages: number; channel: number },
): Promise<RunningProxy> {
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  return runProxy({ httpPort, httpsPort }, ({ folder, certificate }) => {
    const site = readFileSync(shipped, 'utf8')
      .replace('127.0.0.1:3000', `127.0.0.1:${ports.pages}`)
      .replace('127.0.0.1:3001', `127.0.0.1:${ports.channel}`)
      .replace('listen 80;', `listen 127.0.0.1:${httpPort};`)
      .replace('listen 443 ', `listen 127.0.0.1:${httpsPort} `)
      .replaceAll('backlogue.example.com', 'localhost')
      .replace('/etc/ssl/backlogue/fullchain.pem', certificate.cert)
      .replace('/etc/ssl/backlogue/privkey.pem', certificate.key);
    return {
      program,
      args: ['-p', folder, '-c', join(folder, 'nginx.conf')],
      files: { 'site.conf': site, 'nginx.conf': mainFile(folder) },
    };
  });
}

/** What Debian's own /etc/nginx/nginx.conf would be around the site. */
function mainFile(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/temp/${name};`)
    .join(' ');
  return `daemon off; master_process off; pid ${folder}/pid; error_log stderr warn;
events { worker_connections 64; }
http { access_log off; ${temporary} include ${folder}/site.conf; }
`;
}
