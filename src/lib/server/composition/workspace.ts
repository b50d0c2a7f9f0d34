import { createFigureRepository } from '../repositories/figure-repository.ts';
import { createProjectDesk } from '../services/desks/project-desk.ts';
import { rememberProjectDesks, type RememberedDesks } from '../services/desks/remembered-project-desk.ts';
import { mayReadPages } from '../services/feature-access.ts';
import type { ConfigurationService, WorkspaceService } from '../services/services.ts';
import { createSourceFinder } from '../services/source-reading/source-finder.ts';
import { createWorkspaceService } from '../services/workspace-service.ts';
import type { Accounts } from './accounts.ts';
import type { Foundations } from './foundations.ts';
import type { Remotes } from './remotes.ts';

interface WorkspaceParts {
  foundations: Foundations;
  remotes: Remotes;
  accounts: Accounts;
  configuration: ConfigurationService;
}

/** What the composer offers, and what is remembered of Jira for it. */
export function createWorkspace({ foundations, remotes, accounts, configuration }: WorkspaceParts): {
  workspace: WorkspaceService;
  projectDesks: RememberedDesks;
} {
  const { config, clock, db, ids, log } = foundations;
  const { access } = remotes;
  const projectDesks = rememberProjectDesks({ clock });
  const workspace = createWorkspaceService({
    config,
    preferences: accounts.preferences,
    figures: createFigureRepository(db),
    deskFor: async (actor) =>
      projectDesks.of(actor.userId, async () => createProjectDesk(await access.jira(actor))),
    findSources: createSourceFinder({
      jira: access.jira,
      confluence: access.confluence,
      pagesAllowed: (actor) => mayReadPages(configuration, actor),
      log,
    }),
    ids,
  });
  return { workspace, projectDesks };
}
