import { guardPage } from '../../signed-in';
import type { PageServerLoad } from './$types';

const RECENT_CONVERSATIONS = 6;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { actor } = guardPage(locals, url);
  const { configuration, conversations, workspace, jobs, tools, system } = locals.services;
  const [views, recent, figures, ownJobs, catalogs] = await Promise.all([
    configuration.views(actor),
    conversations.list(actor, { limit: RECENT_CONVERSATIONS }),
    workspace.figures(actor),
    jobs.list(actor),
    tools.list(actor),
  ]);
  return {
    now: Date.now(),
    views,
    conversations: recent,
    figures,
    runningJobs: ownJobs.filter(({ status }) => status === 'queued' || status === 'running').length,
    failedJobs: ownJobs.filter(({ status }) => status === 'failed').length,
    changedTools: catalogs.flatMap(({ product, tools: listed }) =>
      listed.filter(({ off }) => off).map(() => product),
    ),
    staleTools: catalogs.filter(({ problem }) => problem !== null).map(({ serverId }) => serverId),
    toolCount: catalogs.reduce((count, { tools: listed }) => count + listed.length, 0),
    configProblems: actor.role === 'administrator' ? system.configProblems() : [],
  };
};
