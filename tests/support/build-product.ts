import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Builds the product into `build/`; quick when it is built from the sources as they are. */
export async function buildProduct(): Promise<void> {
  const script = `import { buildIfNeeded } from './scripts/build.mjs';
await buildIfNeeded({ node: process.execPath, env: process.env });`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: projectRoot,
    env: { ...process.env, PATH: `${join(projectRoot, 'node_modules/.bin')}:${process.env.PATH}` },
  });
}
