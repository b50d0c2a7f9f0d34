import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../..');
const configFile = join(project, '.dependency-cruiser.cjs');
const cruiser = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const { forbidden } = createRequire(import.meta.url)(configFile) as { forbidden: { name: string }[] };

/** What each rule must refuse: a module, and the import in it. */
const violations: Record<string, [from: string, to: string][]> = {
  'no-value-cycles': [['src/lib/server/services/egg.ts', 'src/lib/server/services/hen.ts']],
  'contracts-import-zod-only': [
    ['src/lib/contracts/greedy.ts', 'node_modules/pino'],
    ['src/lib/contracts/curious.ts', 'src/lib/server/errors/app-error.ts'],
  ],
  'components-stay-in-the-browser': [
    ['src/lib/components/Leaky.svelte', 'src/lib/server/services/run-service.ts'],
    ['src/lib/components/leaky.svelte.ts', 'src/lib/agent/story-agent.ts'],
  ],
  'controllers-ask-services': [
    ['src/routes/+page.server.ts', 'src/lib/server/repositories/runs.ts'],
    ['src/routes/jobs/+server.ts', 'src/lib/server/adapters/jira-rest.ts'],
    ['src/lib/server/realtime/handlers.ts', 'src/lib/agent/story-agent.ts'],
  ],
  'routes-and-realtime-do-not-know-each-other': [
    ['src/routes/chat/+server.ts', 'src/lib/server/realtime/publisher.ts'],
  ],
  'services-work-through-repositories': [
    ['src/lib/server/services/hasty.ts', 'src/lib/server/db/connection.ts'],
  ],
  'nothing-below-knows-the-controllers': [
    ['src/lib/server/services/loud.ts', 'src/lib/server/realtime/publisher.ts'],
  ],
  'repositories-only-store': [
    ['src/lib/server/repositories/clever.ts', 'src/lib/server/services/run-service.ts'],
  ],
  'db-is-the-ground': [['src/lib/server/db/climbing.ts', 'src/lib/server/repositories/runs.ts']],
  'sql-lives-in-db-and-repositories': [['src/lib/server/jobs/direct.ts', 'node_modules/drizzle-orm']],
  'adapters-know-ports-not-callers': [
    ['src/lib/server/adapters/upward.ts', 'src/lib/server/services/run-service.ts'],
  ],
  'foundations-stay-low': [['src/lib/server/security/upward.ts', 'src/lib/server/repositories/runs.ts']],
  'agent-knows-ports-only': [
    ['src/lib/agent/worldly.ts', 'src/lib/server/adapters/jira-rest.ts'],
    ['src/lib/agent/online.ts', 'http'],
  ],
  'agent-has-one-door': [['src/lib/server/services/burglar.ts', 'src/lib/agent/graph.ts']],
  'mcp-sdk-stays-behind-its-adapter': [
    ['src/lib/server/services/wired.ts', 'node_modules/@modelcontextprotocol/sdk'],
  ],
  'sandbox-is-a-remote-system': [['src/lib/sandbox/insider.ts', 'src/lib/server/errors/app-error.ts']],
  'product-does-not-know-the-sandbox': [['src/lib/server/services/staged.ts', 'src/lib/sandbox/sandbox.ts']],
  'app-is-the-composition-root': [['src/lib/server/services/grasping.ts', 'src/lib/server/app.ts']],
  'workers-take-and-give-plain-data': [
    ['src/lib/server/workers/stateful.ts', 'src/lib/server/repositories/runs.ts'],
  ],
  'shipped-code-uses-shipped-packages': [['src/lib/server/services/untidy.ts', 'node_modules/vitest']],
  'sources-do-not-import-tests': [['src/lib/server/services/tested.ts', 'tests/support/builders.ts']],
};

/** The arrows that the architecture is made of. */
const allowed: [from: string, to: string][] = [
  ['src/hooks.server.ts', 'src/lib/server/app.ts'],
  ['src/routes/+page.server.ts', 'src/lib/server/services/run-service.ts'],
  ['src/routes/Page.svelte', 'src/lib/components/Button.svelte'],
  ['src/lib/components/Button.svelte', 'src/lib/contracts/story.ts'],
  ['src/lib/contracts/story.ts', 'node_modules/zod'],
  ['src/lib/server/app.ts', 'src/lib/sandbox/sandbox.ts'],
  ['src/lib/server/realtime/handlers.ts', 'src/lib/server/services/run-service.ts'],
  ['src/lib/server/services/run-service.ts', 'src/lib/server/repositories/runs.ts'],
  ['src/lib/server/services/drive.ts', 'src/lib/agent/story-agent.ts'],
  ['src/lib/server/repositories/runs.ts', 'src/lib/server/db/connection.ts'],
  ['src/lib/server/db/connection.ts', 'node_modules/drizzle-orm'],
  ['src/lib/server/adapters/mcp-client.ts', 'node_modules/@modelcontextprotocol/sdk'],
  ['src/lib/server/adapters/jira-rest.ts', 'src/lib/agent/ports.ts'],
  ['src/lib/agent/graph.ts', 'src/lib/agent/ports.ts'],
  ['src/lib/server/commands/sandbox.ts', 'src/lib/sandbox/sandbox.ts'],
  ['src/lib/server/services/run.test.ts', 'src/lib/server/db/connection.ts'],
];

describe('import boundaries', () => {
  let reported: Violation[];
  const folders: string[] = [];

  beforeAll(() => {
    reported = cruise(folders, [
      ...Object.values(violations).flat(),
      // The way back; a cycle is reported once.
      ['src/lib/server/services/hen.ts', 'src/lib/server/services/egg.ts'],
    ]);
  });
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  it('has an example of a violation for every rule', () => {
    expect(Object.keys(violations).sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  it.each(Object.entries(violations))('refuses what breaks %s', (name, examples) => {
    for (const [from, to] of examples) {
      expect(reported).toContainEqual({ rule: name, from, to: expect.stringContaining(to) });
    }
  });

  it('lets every import pass that the architecture draws', () => {
    expect(cruise(folders, allowed)).toEqual([]);
  });

  it('lets two modules name each other’s types', () => {
    expect(
      cruise(folders, [
        ['src/lib/server/services/run.ts', 'src/lib/server/services/story.ts'],
        ['src/lib/server/services/story.ts', 'src/lib/server/services/run.ts', 'type'],
      ]),
    ).toEqual([]);
  });

  it('tells in every rule what to do instead', () => {
    for (const rule of forbidden) expect(rule).toHaveProperty('comment', expect.stringMatching(/.{40}/));
  });
});

interface Violation {
  rule: string;
  from: string;
  to: string;
}
type Import = [from: string, to: string, kind?: 'type'];

/** Writes a project that holds exactly these imports, and returns what the rules say of it. */
function cruise(folders: string[], imports: Import[]): Violation[] {
  const root = mkdtempSync(join(tmpdir(), 'backlogue-boundaries-'));
  folders.push(root);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  const statements = new Map<string, string[]>();
  const packageNames = new Set<string>();
  for (const [from, to, kind] of imports) {
    if (to.includes('/') && !to.startsWith('node_modules/') && !statements.has(to)) statements.set(to, []);
    if (to.startsWith('node_modules/')) packageNames.add(to.replace('node_modules/', ''));
    statements.set(from, [...(statements.get(from) ?? []), importStatement(to, kind)]);
  }

  for (const [path, lines] of statements) write(path, moduleText(path, lines));
  for (const name of packageNames) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'export const value = 1;\n');
  }
  const versions = (keep: (name: string) => boolean) =>
    Object.fromEntries([...packageNames].filter(keep).map((name) => [name, '1.0.0']));
  write(
    'package.json',
    JSON.stringify({
      type: 'module',
      dependencies: versions((name) => name !== 'vitest'),
      devDependencies: versions((name) => name === 'vitest'),
    }),
  );
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: { module: 'esnext', paths: { '~/*': ['./*'] }, allowImportingTsExtensions: true },
    }),
  );

  const run = spawnSync(process.execPath, [cruiser, '--config', configFile, '--output-type', 'json', 'src'], {
    cwd: root,
    encoding: 'utf8',
  });
  const report = JSON.parse(run.stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
  };
  return report.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}

function importStatement(to: string, kind?: 'type'): string {
  const specifier = to.startsWith('node_modules/')
    ? to.replace('node_modules/', '')
    : to.includes('/')
      ? `~/${to}`
      : `node:${to}`;
  return `import ${kind === 'type' ? 'type { value as Value }' : '{ value }'} from '${specifier}';`;
}

function moduleText(path: string, imports: string[]): string {
  const text = [...imports, 'export const used: unknown = null;', ''].join('\n');
  return path.endsWith('.svelte')
    ? `<script lang="ts" module>\n${text}console.log(value);\n</script>\n`
    : text;
}
