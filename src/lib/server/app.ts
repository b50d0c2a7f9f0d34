import type { ConnectionKind } from '../contracts/connection.ts';
import { practicePeople } from '../sandbox/people.ts';
import { quickPace, readablePace } from '../sandbox/llm/practice-llm.ts';
import { startSandbox, type Sandbox } from '../sandbox/start-sandbox.ts';
import { closeAll } from './composition/close-all.ts';
import { createAccounts } from './composition/accounts.ts';
import { createAdministration, recordConfiguration } from './composition/administration.ts';
import { openChannel } from './realtime/open-channel.ts';
import { createBackgroundWork } from './composition/background-work.ts';
import { createConfiguration } from './composition/configuration.ts';
import { createWorkspace } from './composition/workspace.ts';
import { createConversations } from './composition/conversations.ts';
import { layFoundations, type FoundationOverrides, type Foundations } from './composition/foundations.ts';
import { openIssueDesks } from './composition/issue-desks.ts';
import { openModelAccess } from './composition/model-access.ts';
import { createHousekeeping } from './composition/housekeeping.ts';
import { createOwnData } from './composition/own-data.ts';
import { portProblem } from './errors/port-problem.ts';
import { openRemotes } from './composition/remotes.ts';
import { nameProcess } from './jobs/stale-run-reaper.ts';
import { logRequest, type RequestLine } from './observability/request-log.ts';
import { AppError } from './errors/app-error.ts';
import type { Channel } from './realtime/channel.ts';
import { databaseBytes } from './db/database-bytes.ts';
import { coverEveryAnswer } from './web/server-headers.ts';
import { mayReadMetrics } from './web/metrics-access.ts';
import { createCallerLimits } from './services/caller-limits.ts';
import { remotesHealth } from './services/remotes-health.ts';
import type { Services } from './services/services.ts';
import { practiceUrlsAt, type PracticeUrls } from './settings/endpoints.ts';
import { createSystemService } from './services/system-service.ts';
import type { Settings } from './settings/settings.ts';
import { channelUrl, summarise, type StartupSummary } from './startup-summary.ts';

/** Everything that runs, and the one way to end it. */
export interface App {
  settings: Settings;
  log: Foundations['log'];
  services: Services;
  channel: Channel | null;
  /** The practice servers that this app started, if it did. */
  sandbox: Sandbox | null;
  summary: StartupSummary;
  /** One line for each page request. */
  logRequest(request: RequestLine): void;
  /** No new work, clients told, runs to a safe point, everything written and closed. Safe to call twice. */
  close(): Promise<void>;
}

/** What a test, or the build, puts in the place of a default. */
export interface AppOverrides extends FoundationOverrides {
  /** Names this build of the pages; a page of another one reloads itself. */
  build?: string;
  /** How fast the practice writer writes. */
  llmPace?: { firstTokenMs: number; tokenMs: number };
  /** Practice servers that run already and outlive the app, so that a test can kill one without the other. */
  practice?: PracticeUrls;
}

/**
 * The composition root: makes everything from settings, closes everything it made when something fails.
 * @throws AppError with a sentence for the operator: configuration, data folder, keys, a taken port.
 */
export async function createApp(settings: Settings, overrides: AppOverrides = {}): Promise<App> {
  const closers: (() => unknown)[] = [];
  try {
    return await compose(settings, overrides, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function compose(
  settings: Settings,
  overrides: AppOverrides,
  closers: (() => unknown)[],
): Promise<App> {
  const foundations = layFoundations(settings, overrides);
  closers.push(foundations.close);
  const { config, clock, log, db } = foundations;
  const processId = nameProcess(foundations.ids.next());
  const build = overrides.build ?? 'development';

  const sandbox = startsSandbox(config.current().config.mode, settings, overrides)
    ? await openSandbox(settings, overrides)
    : null;
  if (sandbox) closers.push(() => sandbox.close());
  const practice = sandbox ?? overrides.practice ?? practiceUrlsAt(settings.practicePorts);
  const remotes = openRemotes(foundations, practice);
  closers.push(remotes.close);
  const forgetWhatTokenSaw = async (userId: string, kind: ConnectionKind) => {
    projectDesks.forget(userId);
    await jobs.catalog.afterCredentialChange(userId, kind);
    await desks.forget(userId);
  };
  const accounts = createAccounts(foundations, remotes, {
    // The proof was the very call that a test makes, so the tools are read as after one.
    onTokenProven: (actor) =>
      forgetWhatTokenSaw(actor.userId, 'jira').then(
        () => jobs.catalog.afterSuccessfulTest(actor, 'jira'),
        (err: unknown) => log.error({ err, user_id: actor.userId }, 'Nothing was read with a new token'),
      ),
  });
  closers.push(accounts.close);
  const model = openModelAccess(foundations, remotes, accounts);

  const jobs = createBackgroundWork({
    foundations,
    remotes,
    accounts,
    processId,
    reconcileDue: () => conversations.issues.goOn(),
    reapStaleRuns: () => conversations.reapStaleRuns(),
    purgeRemoved: () => conversations.purgeRemoved(),
    removeOldModelCalls: model.usage.removeOld,
  });
  const desks = openIssueDesks({ foundations, remotes, catalog: jobs.catalog });
  closers.push(desks.close);
  const configuration = createConfiguration({
    foundations,
    remotes,
    accounts,
    model,
    desks,
    onTestPassed: (actor, kind) => void jobs.catalog.afterSuccessfulTest(actor, kind),
    onCredentialChanged: forgetWhatTokenSaw,
  });
  const { workspace, projectDesks } = createWorkspace({ foundations, remotes, accounts, configuration });
  const conversations = createConversations({
    foundations,
    remotes,
    accounts,
    configuration,
    workspace,
    desks,
    toolHints: jobs.catalog.hintsFor,
    model,
    processId,
  });
  closers.push(conversations.close);
  foundations.whenWritableAgain(accounts.audit.catchUp);
  foundations.whenWritableAgain(conversations.storeEnds);

  const system = createSystemService({
    config,
    endpoints: remotes.endpoints,
    practicePeople: sandbox ? publishedCredentials() : [],
    channel: () => ({ url: channelUrl(settings, channel), build }),
    metrics: async (reader) =>
      mayReadMetrics(reader, settings.metricsToken) ? foundations.metrics.render() : null,
    outage: db.storage.outage,
    checks: {
      ...foundations.checks,
      audit: () =>
        accounts.audit.healthy()
          ? { ok: true, detail: 'written' }
          : { ok: false, detail: 'events wait until they can be written; the log has each' },
      remotes: () => remotesHealth(remotes.breakers.states()),
      jobs: jobs.health,
      workers: jobs.workersHealth,
      channel: () => ({
        ok: settings.role === 'jobs' || channel !== null,
        detail: channel ? `${channel.engine}: ${channel.engineReason}` : 'not in this role',
      }),
    },
  });
  const callers = createCallerLimits({ clock });
  const { ownData, erasePerson } = createOwnData({ foundations, accounts, conversations, desks });
  const services: Services = {
    registration: accounts.registration,
    session: accounts.session,
    configuration,
    conversations: conversations.service,
    commands: conversations.commands,
    workspace,
    bypassRules: conversations.bypassRules,
    preferences: accounts.preferences,
    apiKeys: accounts.apiKeys,
    callers,
    jobs: jobs.service,
    tools: jobs.catalog,
    usage: model.usage,
    modelCheck: model.check,
    ownData,
    audit: accounts.audit,
    system,
    administration: createAdministration({
      foundations,
      remotes,
      accounts,
      erasePerson,
      system,
      engine: () => channel && { name: channel.engine, reason: channel.engineReason },
    }),
  };

  // Before people are let in: what a dead process left behind must not look alive.
  await conversations.reapStaleRuns();
  await conversations.issues.recover();
  await recordConfiguration(foundations, accounts);
  const housekeeping = createHousekeeping({ foundations, accounts });
  closers.push(housekeeping.close);
  housekeeping.start();

  closers.push(callers.close);
  if (settings.role !== 'jobs') closers.push(coverEveryAnswer(settings));
  let channel: Channel | null = null;
  if (settings.role !== 'jobs') channel = await openChannel(settings, services, foundations, build);
  if (channel) closers.push(() => channel?.close());
  if (settings.role === 'web') jobs.follow();
  else jobs.start();
  closers.push(jobs.close);
  foundations.metrics.observe({
    sockets: () => channel?.connections() ?? 0,
    breakers: remotes.breakers.states,
    databaseBytes: () => databaseBytes(settings.dataDir),
    jobs: jobs.counts,
  });

  let closed: Promise<void> | null = null;
  return {
    settings,
    log,
    services,
    channel,
    sandbox,
    summary: summarise(settings, system, channel, channelUrl(settings, channel)),
    logRequest(line) {
      const { method, route, status, durationMs } = line;
      const labels = { method, route: route ?? 'none', status };
      foundations.metrics.requests.observe(labels, durationMs / 1_000);
      logRequest(log, line);
    },
    close: () => (closed ??= closeAll(closers)),
  };
}

/** One process has the practice servers; one that only runs jobs finds them beside it. */
function startsSandbox(mode: 'practice' | 'live', settings: Settings, overrides: AppOverrides): boolean {
  if (mode === 'live' || overrides.practice) return false;
  if (settings.role !== 'jobs') return true;
  const { jira, confluence, llm } = settings.practicePorts;
  if (jira && confluence && llm) return false;
  throw new AppError(
    'practice_ports_unknown',
    'In practice mode, jobs need to know where the pages run it.',
    {
      hint: 'Give both processes the same PRACTICE_JIRA_PORT, PRACTICE_CONFLUENCE_PORT and PRACTICE_LLM_PORT.',
    },
  );
}

function openSandbox(
  { dataDir, practicePorts, practicePace }: Settings,
  { llmPace = practicePace === 'quick' ? quickPace : readablePace }: AppOverrides,
): Promise<Sandbox> {
  return startSandbox({ dataDir, ports: practicePorts, llmPace }).catch((error: unknown) => {
    throw portProblem(
      error,
      'a practice server',
      'PRACTICE_JIRA_PORT, PRACTICE_CONFLUENCE_PORT or PRACTICE_LLM_PORT',
    );
  });
}

function publishedCredentials(): StartupSummary['practicePeople'] {
  return practicePeople.map(({ displayName, employeeId, role, jiraToken, confluenceToken, llmCookie }) => ({
    name: displayName,
    employeeId,
    role,
    jiraToken,
    confluenceToken,
    llmCookie,
  }));
}
