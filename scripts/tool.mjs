import { installDependencies } from './dependencies.mjs';
import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { provideRuntime } from './runtime.mjs';
import { exitCodes, exitWith } from './setup-error.mjs';

/**
 * `node scripts/tool.mjs [NAME=value...] TOOL [arguments]`: runs a tool of node_modules on the right Node.
 * Variables come first, as with env(1), which Windows does not have.
 */
await exitWith(async () => {
  const words = process.argv.slice(2);
  const toolAt = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const variables = Object.fromEntries(words.slice(0, Math.max(toolAt, 0)).map(splitVariable));
  const [tool, ...args] = toolAt < 0 ? [] : words.slice(toolAt);
  if (tool === undefined) {
    process.stderr.write('Name a tool, such as `node scripts/tool.mjs vitest run`.\n');
    return exitCodes.wrongUsage;
  }
  const runtime = await provideRuntime();
  await installDependencies(runtime);
  const { code } = await runProcess(tool, args, { cwd: projectRoot, env: { ...runtime.env, ...variables } });
  return code;
});

function splitVariable(word) {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}
