import {
  boundedMatch,
  checkRules,
  ruleSettingGroups,
  sampleInFormat,
  sampleStory,
} from '../../agent/story-agent.ts';
import type { Ids } from '../../agent/ports.ts';
import type { SettingGroup } from '../../contracts/settings-fields.ts';
import { InvalidError } from '../errors/app-error.ts';
import type { FigureRepository } from '../repositories/figure-repository.ts';
import type { ConfigStore } from '../settings/config-store.ts';
import { createOwnTexts } from './own-texts.ts';
import { effectiveRules, readOwnRules, rulesPreference, settingSchema } from './rule-settings.ts';
import { createWritingImport } from './writing-import/writing-import.ts';
import type { Actor, PreferenceService, WorkspaceService } from './services.ts';

/** What the composer reads of Jira, with the actor's own token. */
export interface ProjectDesk {
  projects(): Promise<{ key: string; name: string }[]>;
  issueTypes(projectKey: string): Promise<{ id: string; name: string; isSubtask: boolean }[]>;
  epics(projectKey: string): Promise<{ key: string; summary: string }[]>;
}

export interface WorkspaceDeps {
  config: Pick<ConfigStore, 'current'>;
  preferences: PreferenceService;
  figures: FigureRepository;
  deskFor: (actor: Actor) => Promise<ProjectDesk>;
  findSources: WorkspaceService['findSources'];
  ids: Ids;
}

/** What the composer offers, and each person's rules. */
export function createWorkspaceService({
  config,
  preferences,
  figures,
  deskFor,
  findSources,
  ids,
}: WorkspaceDeps): WorkspaceService {
  async function rules(actor: Actor) {
    const shared = config.current().config.rules;
    const own = readOwnRules((await preferences.all(actor))[rulesPreference]);
    return { shared, own, effective: effectiveRules(shared, own) };
  }

  let drawn: SettingGroup[] | undefined;
  /** Read from the rules' schemas once: every page of the creator shows them. */
  const groups = () => (drawn ??= ruleSettingGroups());

  const texts = createOwnTexts({ config, preferences, ids });
  return {
    projects: async (actor) => (await deskFor(actor)).projects(),
    async issueTypes(actor, projectKey) {
      const types = await (await deskFor(actor)).issueTypes(projectKey);
      // An epic has no story format, and a subtask needs a parent.
      return types.filter(({ name, isSubtask }) => !isSubtask && name !== 'Epic').map(({ name }) => name);
    },
    findSources,
    epics: async (actor, projectKey) => (await deskFor(actor)).epics(projectKey),
    ...texts,
    ...createWritingImport({ current: { ...texts, rules }, ruleSettingGroups: groups, preferences, ids }),
    rules,
    async saveRules(actor, own) {
      const refused = Object.entries(own).flatMap(([key, value]) => {
        const parsed = settingSchema(key)?.safeParse(value);
        return parsed?.success
          ? []
          : [[key, parsed?.error?.issues[0]?.message ?? 'There is no such rule.'] as const];
      });
      if (refused.length > 0) {
        throw new InvalidError('rules_invalid', 'Some settings cannot be used. Nothing was saved.', {
          fields: Object.fromEntries(refused),
        });
      }
      await preferences.set(actor, rulesPreference, own);
    },
    ruleSettingGroups: groups,
    previewRules: (settings) => checkRules(sampleStory, settings),
    sampleStory: () => sampleStory,
    sampleInFormat,
    tryPattern({ pattern, expect, message, name }, sample) {
      const found = boundedMatch(pattern, sample);
      if (found === null) return 'This pattern takes too long on the text. Write it more simply.';
      return found === (expect === 'match') ? `The text keeps “${name}”.` : `The text breaks it: ${message}`;
    },
    figures: ({ userId }) => figures.of(userId),
  };
}
