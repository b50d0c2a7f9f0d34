import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { systemClock, type Clock } from './clock.ts';
import { createPracticeConfluence } from './confluence/practice-confluence.ts';
import { createControlServer } from './control-server.ts';
import { serveProduct } from './exchange.ts';
import { createFaults, type Faults } from './faults.ts';
import { listenOnLoopback, type ListeningServer, type RequestHandler } from './http.ts';
import { createPracticeJira } from './jira/practice-jira.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createPracticeLlm, type LlmPace } from './llm/practice-llm.ts';
import { createPeople, type People } from './people.ts';
import { openStore } from './store.ts';

export interface SandboxOptions {
  /** Folder of `sandbox.db`, or ':memory:'. */
  readonly dataDir: string;
  /** 0, the default, takes any free port; a port that is taken is an error and not worked around. */
  readonly ports?: Partial<Record<'jira' | 'confluence' | 'llm' | 'control', number>>;
  /** Such as `/jira`; none by default. */
  readonly contextPaths?: Partial<Record<'jira' | 'confluence', string>>;
  readonly clock?: Clock;
  readonly llmPace?: LlmPace;
}

export interface Sandbox {
  /** Base addresses, context path included, without a trailing slash. */
  readonly jiraUrl: string;
  readonly confluenceUrl: string;
  readonly llmUrl: string;
  readonly controlUrl: string;
  /** Goes into the `x-sandbox-secret` header. Made anew at every start and told to nobody else. */
  readonly controlSecret: string;
  readonly people: People;
  readonly ledger: Ledger;
  readonly faults: Faults;
  /** Ends every connection and closes the database. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts the practice Jira, Confluence and language model, each on an address of its own on loopback, as if
 * they were remote. Several sandboxes may run in one process.
 * @throws the listen error of a taken port; whatever had been started by then is closed again.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataDir, ports = {}, contextPaths = {}, clock = systemClock, llmPace } = options;
  const db = openStore(dataDir);
  const people = createPeople();
  const faults = createFaults();
  const ledger = createLedger({ db, clock });
  const controlSecret = randomBytes(32).toString('base64url');
  const servers: ListeningServer[] = [];
  const listen = async (port: number | undefined, createHandler: (origin: string) => RequestHandler) => {
    const server = await listenOnLoopback(port ?? 0, createHandler);
    servers.push(server);
    return server.origin;
  };

  try {
    const world = { db, people, clock };
    const wire = { db, faults, ledger };
    const [jiraPath, confluencePath] = [contextPaths.jira ?? '', contextPaths.confluence ?? ''];
    const jira = await listen(ports.jira, (origin) =>
      serveProduct({ ...wire, product: createPracticeJira({ ...world, origin, contextPath: jiraPath }) }),
    );
    const confluence = await listen(ports.confluence, (origin) =>
      serveProduct({
        ...wire,
        product: createPracticeConfluence({ ...world, origin, contextPath: confluencePath }),
      }),
    );
    const llmUrl = await listen(ports.llm, () =>
      createPracticeLlm({ people, faults, ledger, pace: llmPace }),
    );
    const controlUrl = await listen(ports.control, () =>
      createControlServer({ faults, ledger, secret: controlSecret }),
    );
    return {
      jiraUrl: jira + jiraPath,
      confluenceUrl: confluence + confluencePath,
      llmUrl,
      controlUrl,
      controlSecret,
      people,
      ledger,
      faults,
      close: () => closeAll(servers, db),
    };
  } catch (error) {
    await closeAll(servers, db);
    throw error;
  }
}

async function closeAll(servers: readonly ListeningServer[], db: Database): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
  db.close();
}
