import type { PracticePerson } from '../../src/lib/sandbox/people.ts';
import { createApp, type App, type AppOverrides } from '../../src/lib/server/app.ts';
import { sessionCookieName } from '../../src/lib/server/security/session-cookie-name.ts';
import type { Actor, Origin } from '../../src/lib/server/services/services.ts';
import { readSettings, type Environment } from '../../src/lib/server/settings/settings.ts';
import { makeAppFolder, type AppFolder, type ConfigChange } from './app-folder.ts';
import { openSocketTab, type OpenTab, type TabOptions } from './socket-client.ts';
import { migrationsFolder } from './temp-database.ts';

export const password = 'Correct-horse-9';

export interface StartOptions {
  /** A folder that is there already; without it a new one is made, and removed at the end. */
  folder?: AppFolder;
  config?: ConfigChange;
  env?: Environment;
  overrides?: AppOverrides;
}

/** Somebody who is signed in. */
export interface SignedIn {
  actor: Actor;
  /** The whole Cookie header. */
  cookie: string;
}

export interface RunningApp {
  app: App;
  folder: AppFolder;
  /** Registers, signs in, and tests all three connections. */
  join(person: PracticePerson): Promise<SignedIn>;
  signIn(person: PracticePerson): Promise<SignedIn>;
  tab(who: SignedIn, options?: Partial<TabOptions>): Promise<OpenTab>;
  close(): Promise<void>;
}

/** A whole app in this process, with practice servers of its own unless an override names others. */
export async function startApp(options: StartOptions = {}): Promise<RunningApp> {
  const folder = options.folder ?? makeAppFolder(options.config);
  const settings = readSettings({ ...folder.env, ...options.env });
  const app = await createApp(settings, { migrationsFolder, llmPace: atOnce, ...options.overrides });
  const tabs: OpenTab[] = [];

  async function signIn({ employeeId }: PracticePerson): Promise<SignedIn> {
    const { cookie, user } = await app.services.session.signIn({ login: employeeId, password }, origin);
    return {
      actor: { userId: user.id, employeeId: user.employeeId, role: user.role, requestId: 'test-request-1' },
      cookie: `${sessionCookieName(settings.origin)}=${cookie.value}`,
    };
  }

  return {
    app,
    folder,
    signIn,
    async join(person) {
      const { configuration } = app.services;
      await register(app, person);
      const who = await signIn(person);
      const secrets = { confluence: person.confluenceToken, llm: person.llmCookie };
      for (const kind of ['confluence', 'llm'] as const) {
        const connection = { secret: secrets[kind], verifyTls: true, caPem: '', removeCa: false };
        await configuration.save(who.actor, kind, connection);
      }
      for (const kind of ['jira', 'confluence', 'llm'] as const) {
        const { ok, problem } = await configuration.test(who.actor, kind);
        if (!ok) throw new Error(`${kind} was not accepted: ${problem?.message}`);
      }
      return who;
    },
    async tab({ cookie }, tabOptions = {}) {
      const url = app.channel?.url ?? '';
      const tab = await openSocketTab(url, { cookie, origin: settings.origin, ...tabOptions });
      tabs.push(tab);
      return tab;
    },
    async close() {
      for (const tab of tabs) tab.close();
      await app.close();
      if (!options.folder) folder.remove();
    },
  };
}

/** From a token to an account. */
export async function register(
  { services: { registration } }: Pick<App, 'services'>,
  { jiraToken }: Pick<PracticePerson, 'jiraToken'>,
): Promise<void> {
  const { attempt } = await registration.begin({ jiraToken, purpose: 'register' }, origin);
  await registration.complete({ attempt, password }, origin);
}

/** The practice writer without the pauses that make it pleasant to watch. */
export const atOnce = { firstTokenMs: 0, tokenMs: 0 };

const origin: Origin = { address: '127.0.0.1', userAgent: null, requestId: 'test-request-1' };
