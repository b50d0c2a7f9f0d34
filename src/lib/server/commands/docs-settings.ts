import { readFileSync, writeFileSync } from 'node:fs';
import { runAsProgram } from '../operations/run-command.ts';
import { withSettingsTable } from '../operations/settings-table.ts';

/** Writes the table of environment variables into docs/operations.md: `docs-settings`. */
await runAsProgram(import.meta.url, ({ print }) => {
  const file = 'docs/operations.md';
  writeFileSync(file, withSettingsTable(readFileSync(file, 'utf8')));
  print(`${file} holds the table of environment variables as it is now.`);
  return 0;
});
