/**
 * `npm run keys:rotate` in a process that ends by SIGKILL before the step that KILL_AT names: steps are the statements
 * that write and the changes of the key file. Without KILL_AT it prints how many there are.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import Database from 'better-sqlite3';

const killAt = process.env['KILL_AT'] === undefined ? null : Number(process.env['KILL_AT']);
let steps = 0;

function step(): void {
  if (steps === killAt) {
    process.kill(process.pid, 'SIGKILL');
    // The signal is on its way; nothing more may be written until it is there.
    for (;;);
  }
  steps += 1;
}

const probe = new Database(':memory:');
const statement = Object.getPrototypeOf(probe.prepare('SELECT 1')) as {
  run(this: unknown, ...values: unknown[]): unknown;
};
const { run } = statement;
statement.run = function (...values) {
  step();
  return run.apply(this, values);
};
const { renameSync, writeSync, writeFileSync } = fs;
fs.renameSync = (...change) => {
  step();
  renameSync(...change);
};
fs.writeFileSync = (...change) => {
  step();
  writeFileSync(...change);
};
fs.writeSync = ((...change: Parameters<typeof writeSync>) => {
  step();
  return writeSync(...change);
}) as typeof writeSync;
syncBuiltinESMExports();

const { rotateAllKeys } = await import('../../src/lib/server/commands/keys-rotate.ts');
const { exitCode } = rotateAllKeys(process.env);
process.exitCode = exitCode;
process.send?.({ steps });
