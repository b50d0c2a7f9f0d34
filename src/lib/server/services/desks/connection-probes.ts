import type { ConnectionKind } from '../../../contracts/connection.ts';
import type { ConfigFile } from '../../../contracts/config/config-file.ts';
import type { ChatModel } from '../../../agent/ports.ts';
import type { Reach, ReachTarget } from '../../adapters/http/reach.ts';
import type { Probe } from '../configuration-service.ts';
import type { Credential } from '../credentials.ts';
import type { Actor } from '../services.ts';
import type { RemoteAccess } from './remote-access.ts';
import { mayNotCreate, nothingToSee, toolsUnknown } from './probe-problems.ts';
import { runProbe } from './run-probe.ts';
import type { PlannedStep } from './run-steps.ts';

/** The model with a credential that is being tested. */
export interface ProbedModel {
  whoAmI(signal: AbortSignal): Promise<string | null>;
  model: ChatModel;
}

/** One server's tools, as a test tells of them. */
export interface ListedServer {
  serverId: string;
  tools: number;
  /** How many of the things that the agent needs its tools can do. */
  capabilities: number;
}

export interface ProbeDeps {
  remotes: RemoteAccess;
  reach(target: ReachTarget): Reach;
  config(): Record<'jira' | 'confluence', Pick<ConfigFile['jira'], 'timeouts'>> & {
    llm: Pick<ConfigFile['llm'], 'timeouts' | 'endpoints'>;
  };
  modelWith(credential: Credential, actor: Actor): ProbedModel;
  /** The ids of the tool servers of a product, in the order in which they are asked. */
  toolServerIds(product: 'jira' | 'confluence'): string[];
  /** Lists the tools of one of them with the credential. Rejects with an AppError. */
  listTools(
    who: { userId: string; product: 'jira' | 'confluence'; serverId: string; credential: Credential },
    signal: AbortSignal,
  ): Promise<ListedServer>;
}

/** What a connection test does, step by step; it stops at the first step that fails. */
export function createProbes(deps: ProbeDeps): Record<ConnectionKind, Probe> {
  const { remotes, config } = deps;
  return {
    jira: (credential, actor, watch) =>
      runProbe(deps, 'jira', credential, actor, watch, (signal, proven) => {
        const jira = remotes.jiraWith({ ...credential, requestId: actor.requestId }, signal);
        return [
          proven.authenticate(`${credential.url}/rest/api/2/myself`, async () => {
            const { name, displayName } = await jira.myself();
            return {
              identity: name,
              saw: `The token was accepted: it belongs to ${displayName}.`,
              tokenExpiresAt: await jira.tokenExpiresAt(),
            };
          }),
          proven.identity(),
          {
            step: 'permissions',
            target: `${credential.url}/rest/api/2/mypermissions`,
            async run() {
              const projects = await jira.projects();
              if (projects.length === 0) throw nothingToSee('jira', 'no project', 'project');
              if (!(await jira.mayCreateIssues())) throw mayNotCreate();
              return { saw: `You may create issues, and see ${counted(projects.length, 'project')}.` };
            },
          },
          toolStep(deps, 'jira', credential, actor, signal),
        ];
      }),
    confluence: (credential, actor, watch) =>
      runProbe(deps, 'confluence', credential, actor, watch, (signal, proven) => {
        const confluence = remotes.confluenceWith({ ...credential, requestId: actor.requestId }, signal);
        return [
          proven.authenticate(`${credential.url}/rest/api/user/current`, async () => {
            const { username, displayName } = await confluence.currentUser();
            return {
              identity: username,
              saw: `The token was accepted: it belongs to ${displayName}.`,
              tokenExpiresAt: await confluence.tokenExpiresAt(),
            };
          }),
          proven.identity(),
          {
            step: 'permissions',
            target: `${credential.url}/rest/api/space`,
            async run() {
              const spaces = await confluence.spaces();
              if (spaces.length === 0) throw nothingToSee('confluence', 'no space', 'space');
              return { saw: `You may read ${counted(spaces.length, 'space')}.` };
            },
          },
          toolStep(deps, 'confluence', credential, actor, signal),
        ];
      }),
    llm: (credential, actor, watch) =>
      runProbe(deps, 'llm', credential, actor, watch, (signal, proven) => {
        const { whoAmI, model } = deps.modelWith(credential, actor);
        const answer = async () => ({ saw: await askShortly(model, signal) });
        if (config().llm.endpoints.whoami === undefined) {
          return [
            proven.authenticate(credential.url, async () => ({ identity: null, ...(await answer()) })),
            proven.identity(),
          ];
        }
        return [
          proven.authenticate(credential.url, async () => ({
            identity: await whoAmI(signal),
            saw: 'The credential was accepted.',
          })),
          proven.identity(),
          { step: 'answer', target: credential.url, run: answer },
        ];
      }),
  };
}

function toolStep(
  { toolServerIds, listTools }: ProbeDeps,
  product: 'jira' | 'confluence',
  credential: Credential,
  { userId }: Actor,
  signal: AbortSignal,
): PlannedStep {
  const serverIds = toolServerIds(product);
  return {
    step: 'tools',
    target: serverIds.join(', '),
    async run() {
      const listed: ListedServer[] = [];
      for (const serverId of serverIds)
        listed.push(await listTools({ userId, product, serverId, credential }, signal));
      if (listed.every(({ capabilities }) => capabilities === 0)) throw toolsUnknown(serverIds);
      const told = listed.map(({ serverId, tools }) => `${serverId} offers ${counted(tools, 'tool')}`);
      return { saw: `${told.join('; ')}.` };
    },
  };
}

async function askShortly(model: ChatModel, signal: AbortSignal): Promise<string> {
  let pieces = 0;
  const { text } = await model.complete({
    type: 'test',
    system: 'Answer in one short sentence.',
    messages: [{ role: 'user', content: 'Are you there?' }],
    signal,
    onDelta: () => (pieces += 1),
  });
  return `It answered: ${counted(text.length, 'character')} in ${counted(pieces, 'piece')}.`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
