import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Far more than any of them takes: it bounds one that hangs, and a machine that has other work must not break it. */
const UNIT_TEST_TIMEOUT_MS = 30_000;

/** Real servers and databases need more time than a function call, and `npm run test:long` repeats what it does for hours. */
const SLOW_TEST_TIMEOUT_MS = process.env.TEST_SCALE === 'long' ? 3_600_000 : 60_000;

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
        // Each fault test kills and restarts real processes, so files take turns.
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          setupFiles: seeded,
          fileParallelism: false,
          ...slow,
        },
      },
    ],
  },
});
