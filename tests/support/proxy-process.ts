import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServerCertificate } from './tls-certificates.ts';

export interface RunningProxy {
  httpsPort: number;
  httpPort: number;
  stop(): Promise<void>;
}

interface ProxyCommand {
  program: string;
  args: string[];
  /** Text by name, written into the proxy's folder before it starts. */
  files: Record<string, string>;
}

/**
 * Runs a proxy in a folder of its own, with a certificate for `localhost`, until `stop`.
 * @throws with its own words, when it ends before it listens
 */
export async function runProxy(
  ports: { httpPort: number; httpsPort: number },
  command: (place: { folder: string; certificate: { cert: string; key: string } }) => ProxyCommand,
): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'backlogue-proxy-'));
  mkdirSync(join(folder, 'temp'));
  const certificate = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(certificate.cert, testServerCertificate.cert);
  writeFileSync(certificate.key, testServerCertificate.key, { mode: 0o600 });
  const { program, args, files } = command({ folder, certificate });
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

export async function freePort(): Promise<number> {
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
