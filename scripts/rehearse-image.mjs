import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { readDockerfile } from './dockerfile.mjs';
import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { provideRuntime } from './runtime.mjs';
import { SetupError, exitCodes, exitWith } from './setup-error.mjs';

/**
 * `npm run image:rehearse`: does what deploy/Dockerfile says, step by step in plain folders and with the Node at hand,
 * then starts the result as another user, asks its health check, and stops it. Finds a forgotten file or a wrong step
 * where there is no engine; it says nothing about the base image.
 */
const READY_WITHIN_MS = 60_000;
/** Whoever runs it; as root, somebody who may write nothing but the two volumes. */
const OTHER_USER = 10_001;
const asRoot = process.getuid?.() === 0;

await exitWith(async () => {
  const { node, env } = await provideRuntime();
  const stages = readDockerfile(readFileSync(join(projectRoot, 'deploy/Dockerfile'), 'utf8'));
  const root = mkdtempSync(join(tmpdir(), 'backlogue-image-'));
  chmodSync(root, 0o755);
  try {
    const runtime = { ...env, PATH: [join(node, '..'), process.env.PATH].join(delimiter) };
    const folders = {};
    for (const stage of stages) await assemble(stage, folders, { root, env: runtime });
    const last = stages.at(-1);
    await startAndAsk(last, folders[last.name], runtime);
    process.stdout.write('The steps of the image work here. The image itself was not built.\n');
    return 0;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

async function assemble({ name, steps }, folders, { root, env }) {
  const folder = join(root, name);
  folders[name] = folder;
  mkdirSync(folder);
  let workdir = folder;
  for (const { instruction, words, text, options } of steps) {
    if (instruction === 'WORKDIR') {
      workdir = join(folder, words[0]);
      mkdirSync(workdir, { recursive: true });
    }
    if (instruction === 'COPY')
      copy(words, options.from ? folders[options.from] : projectRoot, { folder, workdir });
    if (instruction === 'RUN') {
      process.stdout.write(`${name}: ${text}\n`);
      const command = inFolder(text, folder);
      const stagedPath = [join(workdir, 'node_modules/.bin'), env.PATH].join(delimiter);
      const { code, output } = await runProcess('sh', ['-ec', command], {
        cwd: workdir,
        env: { ...env, PATH: stagedPath },
        capture: true,
      });
      if (code !== 0) throw new SetupError(exitCodes.buildFailed, `\`${text}\` failed.`, output);
    }
  }
}

function copy(words, source, { folder, workdir }) {
  const [target, ...paths] = words.toReversed();
  const into = target.startsWith('/') ? join(folder, target) : join(workdir, target);
  for (const path of paths) {
    const from = join(source, path);
    const isFile = statSync(from).isFile();
    cpSync(from, isFile ? join(into, basename(path)) : into, { recursive: true, verbatimSymlinks: true });
  }
}

/** Absolute folders of the image lie below the stage's own; its user is there only as a number. */
function inFolder(command, folder) {
  return command
    .replaceAll(/(?<= )\/(?=\w)/g, `${folder}/`)
    .replace(/-o node -g node/, asRoot ? `-o ${OTHER_USER} -g ${OTHER_USER}` : '');
}

async function startAndAsk({ environment, command, workdir, healthCheck }, folder, env) {
  const placed = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.startsWith('/') ? join(folder, value) : value,
    ]),
  );
  const free = { HOST: '127.0.0.1', PORT: '38123', SOCKET_PORT: '38124', ORIGIN: 'http://localhost:38123' };
  const practice = Object.fromEntries(
    ['JIRA', 'CONFLUENCE', 'LLM'].map((name) => [`PRACTICE_${name}_PORT`, '0']),
  );
  const child = spawn(command[0], command.slice(1), {
    cwd: join(folder, workdir),
    env: { PATH: env.PATH, ...placed, ...free, ...practice },
    stdio: ['ignore', 'inherit', 'inherit'],
    ...(asRoot ? { uid: OTHER_USER, gid: OTHER_USER } : {}),
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const health = healthCheck.map((word) => word.replaceAll(':3000/', ':38123/'));
  const deadline = Date.now() + READY_WITHIN_MS;
  while ((await runProcess(health[0], health.slice(1), { env, capture: true })).code !== 0) {
    if (Date.now() > deadline || child.exitCode !== null) {
      child.kill('SIGKILL');
      throw new SetupError(exitCodes.notReady, 'The image’s command did not become healthy.');
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  child.kill('SIGTERM');
  const code = await ended;
  if (code !== 0)
    throw new SetupError(exitCodes.notReady, `The image’s command ended with ${code} after SIGTERM.`);
}
