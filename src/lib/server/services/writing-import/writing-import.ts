import type { Ids } from '../../../agent/ports.ts';
import { isOwnText } from '../../../contracts/own-texts.ts';
import type { SettingGroup } from '../../../contracts/settings-fields.ts';
import { ConflictError, InvalidError } from '../../errors/app-error.ts';
import type { Actor, PreferenceService, WorkspaceService } from '../services.ts';
import { planImport } from './plan-import.ts';
import { readWritingFile } from './read-writing-file.ts';

interface WritingImportDeps {
  current: Pick<WorkspaceService, 'rules' | 'formats' | 'prompts'>;
  ruleSettingGroups: () => SettingGroup[];
  preferences: Pick<PreferenceService, 'setAll'>;
  ids: Ids;
}

/** Rules, formats and prompts of a person as one file, and back. */
export function createWritingImport({
  current,
  ruleSettingGroups,
  preferences,
  ids,
}: WritingImportDeps): Pick<WorkspaceService, 'exportWriting' | 'planImport' | 'importWriting'> {
  async function plan(actor: Actor, text: string) {
    const file = readWritingFile(text);
    const [rules, formats, prompts] = await Promise.all([
      current.rules(actor),
      current.formats(actor),
      current.prompts(actor),
    ]);
    const fields = ruleSettingGroups().flatMap((group) => group.fields);
    return planImport(file, { ...rules, formats, prompts, fields }, () => ids.next());
  }

  return {
    async exportWriting(actor) {
      const [{ effective }, formats, prompts] = await Promise.all([
        current.rules(actor),
        current.formats(actor),
        current.prompts(actor),
      ]);
      return {
        backlogueWriting: 1,
        rules: effective,
        formats: formats.filter(isOwnText).map(({ id: _, ...format }) => format),
        prompts: prompts.filter(isOwnText).map(({ id: _, ...prompt }) => prompt),
      };
    },

    async planImport(actor, text) {
      const { preferences: _, ...shown } = await plan(actor, text);
      return shown;
    },

    async importWriting(actor, text, fingerprint) {
      const { preferences: changed, ...planned } = await plan(actor, text);
      if (planned.refusals.length > 0)
        throw new InvalidError('writing_file_invalid', 'Some entries of the file cannot be used.', {
          hint: 'Nothing was imported. Mend them in the file, then choose it again.',
        });
      if (planned.fingerprint !== fingerprint)
        throw new ConflictError('import_overtaken', 'Your rules, formats or prompts changed meanwhile.', {
          hint: 'Nothing was imported. Look once more at what the file would change.',
        });
      await preferences.setAll(actor, changed);
      return planned;
    },
  };
}
