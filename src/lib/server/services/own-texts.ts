import type { z } from 'zod';
import type { Ids } from '../../agent/ports.ts';
import type { CustomPrompt, PromptsFile, StoryFormat } from '../../contracts/config/template-files.ts';
import { ownFormatSchema, ownPromptSchema, ownTextId, ownTextIdSchema } from '../../contracts/own-texts.ts';
import { ownTextsMax } from '../../contracts/plain-values.ts';
import { ConflictError, InvalidError } from '../errors/app-error.ts';
import type { ConfigStore } from '../settings/config-store.ts';
import type { Actor, PreferenceService, WorkspaceService } from './services.ts';

export interface OwnTextsDeps {
  config: Pick<ConfigStore, 'current'>;
  preferences: PreferenceService;
  ids: Ids;
}

type Texts = Pick<
  WorkspaceService,
  'formats' | 'prompts' | 'saveFormat' | 'savePrompt' | 'removeFormat' | 'removePrompt'
>;

/** The formats and prompts that a person chooses from: the shared ones, then their own. */
export function createOwnTexts({ config, preferences, ids }: OwnTextsDeps): Texts {
  const formats = async (actor: Actor) =>
    offeredFormats(config.current().prompts, await preferences.all(actor));
  const prompts = async (actor: Actor) =>
    offeredPrompts(config.current().prompts, await preferences.all(actor));

  return {
    formats,
    prompts,
    saveFormat: async (actor, format, id) => save(actor, FORMAT_KEY, format, id, await formats(actor)),
    savePrompt: async (actor, prompt, id) => save(actor, PROMPT_KEY, prompt, id, await prompts(actor)),
    removeFormat: (actor, id) => preferences.set(actor, FORMAT_KEY + id, null),
    removePrompt: (actor, id) => preferences.set(actor, PROMPT_KEY + id, null),
  };

  async function save(
    actor: Actor,
    key: string,
    text: { name: string },
    id: string | null,
    offered: readonly { id: string; name: string }[],
  ): Promise<void> {
    if (id !== null && !offered.some((known) => known.id === id))
      throw new ConflictError('own_text_missing', 'This was deleted meanwhile, perhaps in another tab.', {
        hint: 'Add it anew to keep what you wrote.',
      });
    const mine = offered.filter((known) => ownTextIdSchema.safeParse(known.id).success);
    if (id === null && mine.length >= ownTextsMax)
      throw new InvalidError('too_many_own_texts', `At most ${ownTextsMax} of your own are kept.`, {
        hint: 'Delete one that you no longer need.',
      });
    const sameName = (known: { id: string; name: string }) =>
      known.id !== id && known.name.toLowerCase() === text.name.toLowerCase();
    if (offered.some(sameName))
      throw new InvalidError('own_text_invalid', 'Some fields need another look. Nothing was saved.', {
        fields: { name: 'Another one has this name.' },
      });
    await preferences.set(actor, key + (id ?? ownTextId(ids.next())), text);
  }
}

/** The shared formats and, out of all that a person stored, their own. */
export function offeredFormats(
  { storyFormats }: Pick<PromptsFile, 'storyFormats'>,
  stored: Record<string, unknown>,
): StoryFormat[] {
  return [...storyFormats, ...readOwn(stored, FORMAT_KEY, ownFormatSchema)];
}

export function offeredPrompts(
  { customPrompts }: Pick<PromptsFile, 'customPrompts'>,
  stored: Record<string, unknown>,
): CustomPrompt[] {
  return [...customPrompts, ...readOwn(stored, PROMPT_KEY, ownPromptSchema)];
}

// Each is a preference of its own: twenty at full length would not fit into one, and two tabs that save two
// of them do not overwrite each other.
export const FORMAT_KEY = 'format.';
export const PROMPT_KEY = 'prompt.';

/** Oldest first. Each is parsed alone: one that no longer fits is left out and takes no other with it. */
function readOwn<S extends z.ZodType<{ name: string }>>(
  stored: Record<string, unknown>,
  key: string,
  schema: S,
): (z.output<S> & { id: string })[] {
  return Object.keys(stored)
    .filter((name) => name.startsWith(key))
    .sort()
    .flatMap((name) => {
      const id = ownTextIdSchema.safeParse(name.slice(key.length));
      const text = schema.safeParse(stored[name]);
      return id.success && text.success ? [{ ...text.data, id: id.data }] : [];
    });
}
