import { writeFileSync } from 'node:fs';
import { eventsReference } from '../operations/events-reference.ts';
import { runAsProgram } from '../operations/run-command.ts';

/** Writes the reference of all events into docs/events.md: `docs-events`. */
await runAsProgram(import.meta.url, ({ print }) => {
  writeFileSync('docs/events.md', eventsReference());
  print('docs/events.md holds the events as they are now.');
  return 0;
});
