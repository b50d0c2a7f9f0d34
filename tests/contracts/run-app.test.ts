import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const runAppModule = pathToFileURL(resolve(import.meta.dirname, '../../scripts/run-app.mjs')).href;

const summary = {
  url: 'http://localhost:3000',
  socketUrl: 'http://localhost:3001',
  mode: 'practice',
  engine: 'ws',
  engineReason: '',
  dataDir: 'data',
  practicePeople: [],
  notConfigured: [],
};

/** Answers /readyz on a port that the launcher chose, and counts the signals it gets. */
const APP = `
  import { createServer } from 'node:http';
  createServer((_, response) => response.end('ready')).listen(Number(process.env.PORT), '127.0.0.1', () =>
    process.send({ type: 'ready', summary: ${JSON.stringify(summary)} }));
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => {
    process.stdout.write('got ' + signal + '\\n', () => process.exit(42));
  });
`;

describe('the launcher', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'backlogue-launcher-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'hands %s to the app and ends with its exit code',
    async (signal) => {
      const launcher = start(APP);
      await launcher.printed('Backlogue is ready');
      launcher.kill(signal);
      await launcher.printed(`got ${signal}`);
      expect(await launcher.exitCode).toBe(42);
    },
  );

  it('ends with the exit code of an app that stops before it is ready', async () => {
    const launcher = start('process.exit(9);');
    expect(await launcher.exitCode).toBe(9);
    expect(launcher.output()).not.toContain('Backlogue is ready');
  });

  it('reports the signal that ended the app, as a shell does', async () => {
    const launcher = start("process.kill(process.pid, 'SIGKILL');");
    expect(await launcher.exitCode).toBe(128 + 9);
  });

  function start(appSource: string) {
    const app = join(folder, 'app.mjs');
    const launcher = join(folder, 'launcher.mjs');
    writeFileSync(app, appSource);
    writeFileSync(
      launcher,
      `import { createServer } from 'node:net';
       import { runApp } from ${JSON.stringify(runAppModule)};
       const probe = createServer().listen(0, '127.0.0.1', () => {
         const { port } = probe.address();
         probe.close(async () => {
           const env = { ...process.env, PORT: String(port) };
           const readyUrl = 'http://127.0.0.1:' + port + '/readyz';
           process.exitCode = await runApp({ node: process.execPath, args: [${JSON.stringify(app)}], env, readyUrl });
         });
       });`,
    );
    return followed(spawn(process.execPath, [launcher], { stdio: ['ignore', 'pipe', 'inherit'] }));
  }
});

function followed(child: ReturnType<typeof spawn>) {
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    child.emit('printed');
  });
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    output: () => output,
    exitCode: new Promise<number | null>((done) => child.once('close', done)),
    /** Resolves as soon as the text has come; the test's own time limit ends a wait in vain. */
    printed: (text: string) =>
      new Promise<void>((done) => {
        const look = () => output.includes(text) && done();
        child.on('printed', look);
        look();
      }),
  };
}
