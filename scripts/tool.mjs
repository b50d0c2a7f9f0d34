import { provideBrowser } from './browser.mjs';
import { installDependencies } from './dependencies.mjs';
import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { provideRuntime } from './runtime.mjs';
import { exitCodes, exitWith, SetupError } from './setup-error.mjs';

const WITH_BROWSER = '--with-browser';

/**
 * `node scripts/tool.mjs [--with-browser] [NAME=value...] TOOL [arguments]`: runs a tool of node_modules on the right
 * Node, with a Chromium for it where it asks for one. Variables come first, as with env(1), which Windows does not have.
 */
await exitWith(async () => {
  const given = process.argv.slice(2);
  const wantsBrowser = given[0] === WITH_BROWSER;
  const words = wantsBrowser ? given.slice(1) : given;
  const toolAt = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const variables = Object.fromEntries(words.slice(0, Math.max(toolAt, 0)).map(splitVariable));
  const [tool, ...args] = toolAt < 0 ? [] : words.slice(toolAt);
  if (tool === undefined) {
    process.stderr.write('Name a tool, such as `node scripts/tool.mjs vitest run`.\n');
    return exitCodes.wrongUsage;
  }
  const runtime = await provideRuntime();
  await installDependencies(runtime);
  const browser = wantsBrowser ? await browserVariables(runtime) : {};
  const env = { ...runtime.env, ...variables, ...browser };
  const { code } = await runProcess(tool, args, { cwd: projectRoot, env });
  return code;
});

function splitVariable(word) {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

async function browserVariables(runtime) {
  const browser = await provideBrowser(runtime);
  if ('missing' in browser) throw new SetupError(exitCodes.downloadFailed, browser.missing);
  return { CHROMIUM_PATH: browser.path };
}
