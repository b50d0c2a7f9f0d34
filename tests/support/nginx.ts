import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testServerCertificate } from './tls-certificates.ts';

const shipped = fileURLToPath(new URL('../../deploy/nginx.conf', import.meta.url));

/** Where Debian's nginx lies, or null. */
export function findNginx(): string | null {
  return ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync) ?? null;
}

export interface RunningNginx {
  httpsPort: number;
  httpPort: number;
  stop(): Promise<void>;
}

/** Runs nginx with the shipped file, in which only ports, the certificate and where logs go are changed. */
export async function startNginx(
  program: string,
  ports: { pages: number; channel: number },
): Promise<RunningNginx> {
  const folder = mkdtempSync(join(tmpdir(), 'backlogue-nginx-'));
  mkdirSync(join(folder, 'temp'));
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const site = readFileSync(shipped, 'utf8')
    .replace('127.0.0.1:3000', `127.0.0.1:${ports.pages}`)
    .replace('127.0.0.1:3001', `127.0.0.1:${ports.channel}`)
    .replace('listen 80;', `listen 127.0.0.1:${httpPort};`)
    .replace('listen 443 ', `listen 127.0.0.1:${httpsPort} `)
    .replaceAll('backlogue.example.com', 'localhost')
    .replace('/etc/ssl/backlogue/fullchain.pem', join(folder, 'cert.pem'))
    .replace('/etc/ssl/backlogue/privkey.pem', join(folder, 'key.pem'));
  writeFileSync(join(folder, 'cert.pem'), testServerCertificate.cert);
  writeFileSync(join(folder, 'key.pem'), testServerCertificate.key, { mode: 0o600 });
  writeFileSync(join(folder, 'site.conf'), site);
  writeFileSync(join(folder, 'nginx.conf'), mainFile(folder));

  const child = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += String(text)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const first = await Promise.race([ended.then(() => 'ended'), accepts(httpsPort)]);
  if (first === 'ended') throw new Error(`nginx did not start: ${complaints}`);
  return {
    httpPort,
    httpsPort,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function accepts(port: number): Promise<'accepting'> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return 'accepting';
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
