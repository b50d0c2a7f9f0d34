import { defineConfig } from '@playwright/test';
import { findBrowser } from './scripts/browser.mjs';

const executablePath = await findBrowser(process.env);

export default defineConfig({
  // Each worker starts an app of its own, on ports of its own; with three, two cores would only wait more.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // Upper bounds for a busy machine: everything waits for what it checks, and goes on as soon as that is there.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  outputDir: '.test-output/e2e',
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    actionTimeout: 30_000,
    screenshot: 'only-on-failure',
    // A trace copies the page before and after each step, and draws what it does: `--trace on` where one is needed.
    trace: 'off',
    // What moves is drawn at every frame, and without a graphics processor each frame costs the tests their time.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        // Containers run as root, where Chromium's sandbox refuses to start.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'e2e', testDir: 'tests/e2e' },
    { name: 'screens', testDir: 'tests/screens' },
  ],
});
