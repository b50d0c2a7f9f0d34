import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Far more than any of them takes: it bounds one that hangs, and a machine that has other work must not break it. */
const UNIT_TEST_TIMEOUT_MS = 30_000;

const isLong = process.env.TEST_SCALE === 'long';

/** Real servers and databases need more time than a function call, and `npm run test:long` repeats what it does for hours. */
const SLOW_TEST_TIMEOUT_MS = isLong ? 3_600_000 : 60_000;

const seeded = './tests/support/seed-properties.ts';
/** Keeps the queries that repositories run, whose plans are looked at afterwards. */
const recorder = [seeded, './tests/support/record-queries.ts'];

const slow = { testTimeout: SLOW_TEST_TIMEOUT_MS, hookTimeout: SLOW_TEST_TIMEOUT_MS };

export default defineConfig({
  // The plugin compiles runes in `*.svelte.ts` modules, which some unit tests exercise.
  plugins: [svelte({ configFile: false })],
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    // Files of one worker share the modules that they import: loading the product anew for each file took more than
    // half of the suite's time. So no module may keep what a test changes; whatever has state is made by a function.
    isolate: false,
    passWithNoTests: false,
    coverage: {
      provider: 'v8',
      // One project's part; scripts/coverage.mjs puts the parts together and judges them.
      reporter: ['json'],
      reportOnFailure: true,
      include: ['src/lib/agent/**/*.ts', 'src/lib/server/{services,repositories,adapters}/**/*.ts'],
      exclude: ['**/*.test.ts'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          setupFiles: recorder,
          testTimeout: UNIT_TEST_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: { name: 'contracts', include: ['tests/contracts/**/*.test.ts'], ...slow },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          setupFiles: recorder,
          ...slow,
        },
      },
      { extends: true, test: { name: 'plans', include: ['tests/plans/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          setupFiles: seeded,
          // A campaign of hours has the machine to itself: two at once would only stretch what each of them kills.
          fileParallelism: !isLong,
          ...slow,
        },
      },
    ],
  },
});
