import { parseArgs } from 'node:util';
import { practicePeople } from '../../sandbox/people.ts';
import { startSandbox } from '../../sandbox/start-sandbox.ts';

const usage = `Runs the practice Jira, Confluence and language model by themselves, until Ctrl+C.

  npm run sandbox -- [--data-dir FOLDER] [--jira-port N] [--confluence-port N] [--llm-port N] [--control]

Without --data-dir everything is forgotten at the end. Ports default to 3101, 3102 and 3103; 0 takes a free one.
--control also prints where the control endpoint is, which switches faults and reads the ledger, and its secret.`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    'data-dir': { type: 'string', default: ':memory:' },
    'jira-port': { type: 'string', default: '3101' },
    'confluence-port': { type: 'string', default: '3102' },
    'llm-port': { type: 'string', default: '3103' },
    control: { type: 'boolean', default: false },
  },
});

if (values.help) {
  print(usage);
} else {
  await run().catch((error: unknown) => {
    process.stderr.write(
      `The sandbox did not start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  });
}

async function run(): Promise<void> {
  const sandbox = await startSandbox({
    dataDir: values['data-dir'],
    ports: {
      jira: portFrom(values['jira-port']),
      confluence: portFrom(values['confluence-port']),
      llm: portFrom(values['llm-port']),
    },
  });
  print(
    `Jira        ${sandbox.jiraUrl}\nConfluence  ${sandbox.confluenceUrl}\nModel       ${sandbox.llmUrl}`,
  );
  if (values.control) print(`Control     ${sandbox.controlUrl}  x-sandbox-secret: ${sandbox.controlSecret}`);
  for (const person of practicePeople) {
    print(
      `\n${person.displayName} (${person.employeeId}, ${person.role})\n  Jira token        ${person.jiraToken}\n  Confluence token  ${person.confluenceToken}\n  Model cookie      ${person.llmCookie}`,
    );
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void sandbox.close());
  }
}

function portFrom(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${text} is not a port.`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
