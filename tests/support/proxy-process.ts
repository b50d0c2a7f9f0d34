import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testServerCertificate } from './tls-certificates.ts';

const deployFolder = fileURLToPath(new URL('../../deploy/', import.meta.url));

/** Ports of what stands behind a proxy. */
export interface Listeners {
  pages: number;
  channel: number;
}

export interface RunningProxy {
  httpsPort: number;
  httpPort: number;
  stop(): Promise<void>;
}

/** What is a proxy's own, and nobody else's. */
interface ProxyPlace {
  httpsPort: number;
  httpPort: number;
  folder: string;
  /** Files of a certificate for `localhost`. */
  certificate: { cert: string; key: string };
}

interface ProxyCommand {
  program: string;
  args: string[];
  /** Text by name, written into the proxy's folder before it starts. */
  files: Record<string, string>;
}

/** One of `deploy/`, with the ports of the two listeners in the place of the product's. */
export function shippedFor({ pages, channel }: Listeners, file: string): string {
  return readFileSync(join(deployFolder, file), 'utf8')
    .replace('127.0.0.1:3000', `127.0.0.1:${pages}`)
    .replace('127.0.0.1:3001', `127.0.0.1:${channel}`);
}

/** The first of these programs that is installed, or null. */
export function installedAt(...places: string[]): string | null {
  return places.find(existsSync) ?? null;
}

/**
 * Runs a proxy in a folder of its own, with a certificate for `localhost`, until `stop`.
 * @throws with its own words, when it ends before it listens
 */
export async function runProxy(command: (place: ProxyPlace) => ProxyCommand): Promise<RunningProxy> {
  const ports = { httpPort: await freePort(), httpsPort: await freePort() };
  const folder = mkdtempSync(join(tmpdir(), 'backlogue-proxy-'));
  mkdirSync(join(folder, 'temp'));
  const certificate = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(certificate.cert, testServerCertificate.cert);
  writeFileSync(certificate.key, testServerCertificate.key, { mode: 0o600 });
  const { program, args, files } = command({ ...ports, folder, certificate });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

  const env = { PATH: process.env.PATH, HOME: folder };
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += String(text)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const first = await Promise.race([ended.then(() => 'ended'), accepts(ports.httpsPort)]);
  if (first === 'ended') throw new Error(`${program} did not start: ${complaints}`);
  return {
    ...ports,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
