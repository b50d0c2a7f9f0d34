import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';

const NAMES_ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MACOS_PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Finds a Chromium for the browser tests, and installs one if there is none: Debian's package as root,
 * else Playwright's own download.
 * @param {{ env: NodeJS.ProcessEnv }} runtime
 * @returns {Promise<{ path: string } | { missing: string }>} `missing` is a sentence on what to do
 */
export async function provideBrowser(runtime) {
  const found = await findBrowser(runtime.env);
  if (found) return { path: found };

  process.stdout.write('Installing Chromium for the browser tests\n');
  for (const [command, ...args] of waysToInstall()) {
    await runProcess(command, args, { cwd: projectRoot, env: runtime.env, capture: true });
    const installed = await findBrowser(runtime.env);
    if (installed) return { path: installed };
  }
  return {
    missing:
      'No Chromium was found and none could be installed; install Chromium or Chrome, or set CHROMIUM_PATH to it.',
  };
}

/**
 * The Chromium that is installed already, if there is one.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>}
 */
export async function findBrowser(env) {
  if (env.CHROMIUM_PATH) return isProgram(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const places = NAMES_ON_PATH.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...places, ...MACOS_PLACES].find(isProgram) ?? (await playwrightsOwn());
}

function* waysToInstall() {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    yield ['apt-get', 'update'];
    yield ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'];
  }
  yield ['playwright', 'install', 'chromium'];
}

async function playwrightsOwn() {
  const entry = join(projectRoot, 'node_modules/playwright/index.mjs');
  if (!existsSync(entry)) return undefined;
  const { chromium } = await import(pathToFileURL(entry).href);
  const path = chromium.executablePath();
  return isProgram(path) ? path : undefined;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
