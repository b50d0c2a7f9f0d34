import type { ChatModel, ToolModel } from '../../agent/ports.ts';
import { CompanyChatModel, createChatModel } from '../adapters/company-chat-model.ts';
import { measuredModel } from '../adapters/llm/measured-model.ts';
import { runSelfTest } from '../adapters/llm/self-test.ts';
import { whoAmI } from '../adapters/llm/who-am-i.ts';
import { createModelCallRepository } from '../repositories/model-call-repository.ts';
import type { Credential } from '../services/credentials.ts';
import type { ProbedModel } from '../services/desks/connection-probes.ts';
import { createModelCheck } from '../services/model-check.ts';
import type { ModelCheckService } from '../services/model-services.ts';
import { createModelUsage, type ModelUsage } from '../services/model-usage.ts';
import type { Actor } from '../services/services.ts';
import type { Accounts } from './accounts.ts';
import type { Foundations } from './foundations.ts';
import type { Remotes } from './remotes.ts';

/** The company's model as each person reaches it; every call is counted for its person. */
export interface ModelAccess {
  usage: ModelUsage;
  check: ModelCheckService;
  /** With a credential that is being tested. */
  modelWith(credential: Credential, actor: Actor): ProbedModel;
  modelFor(actor: Actor, run: { conversationId: string; runId: string }): ChatModel;
  /** Null where the configured model has no way to ask for tools. */
  toolModelFor(actor: Actor, run: { conversationId: string; runId: string }): ToolModel | null;
}

export function openModelAccess(foundations: Foundations, remotes: Remotes, accounts: Accounts): ModelAccess {
  const { settings, config, db, clock, ids, log, metrics } = foundations;
  const { http, breakers, credentials } = remotes;
  const deps = { http, breakers, configStore: config, clock };
  const usage = createModelUsage({
    calls: createModelCallRepository(db),
    tokensPerDay: () => config.current().config.llm.budgets.tokensPerDay,
    clock,
    ids,
    log,
  });

  const measuring = (requestId: string) => ({
    metrics,
    modelName: config.current().config.llm.model,
    requestId,
    traceContent: settings.traceContent,
  });

  function reach(
    { userId, employeeId, requestId }: Actor,
    run: { conversationId: string; runId: string } | null,
    credential: () => Promise<Credential>,
  ): ProbedModel {
    const conversationId = run?.conversationId ?? null;
    const user = { employeeId, conversationId, requestId, credential };
    const account = { userId, conversationId, runId: run?.runId ?? null };
    return {
      model: usage.metered(measuredModel(createChatModel(deps, user), measuring(requestId)), account),
      whoAmI: (signal) => whoAmI(deps, user, signal),
    };
  }

  function modelFor(actor: Actor, run: { conversationId: string; runId: string }): ChatModel {
    return reach(actor, run, () => credentials.llm(actor.userId)).model;
  }

  function callsTools(): boolean {
    const { endpoints, dialect } = config.current().config.llm;
    return ((endpoints.converse ?? endpoints.default).dialect ?? dialect).tools !== undefined;
  }

  return {
    usage,
    check: createModelCheck({
      check(actor, signal) {
        const { model, whoAmI } = reach(actor, null, () => credentials.llm(actor.userId));
        return runSelfTest({
          model,
          whoAmI: () => whoAmI(signal),
          product: config.current(),
          clock: performance,
          signal,
        });
      },
      audit: accounts.audit,
    }),
    modelWith: (credential, actor) => reach(actor, null, async () => credential),
    modelFor,
    toolModelFor: (actor, run) =>
      callsTools() ? (onDelta) => new CompanyChatModel({ model: modelFor(actor, run), onDelta }) : null,
  };
}
