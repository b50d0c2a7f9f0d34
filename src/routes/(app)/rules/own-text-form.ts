import {
  ownFormatSchema,
  ownPromptSchema,
  ownTextIdSchema,
  type OwnFormat,
  type OwnPrompt,
} from '$lib/contracts/own-texts';
import { parseForm } from '../../form-reply';

/** The format that was typed; `id` is null for a new one. Throws `form_invalid` with a sentence beside each field. */
export function readFormatForm(form: FormData): { format: OwnFormat; id: string | null } {
  const sections = textOf(form, 'sections')
    .split('\n')
    .map((section) => section.trim())
    .filter((section) => section !== '');
  const typed = {
    name: textOf(form, 'name'),
    kind: textOf(form, 'kind'),
    instructions: textOf(form, 'instructions'),
    sections,
  };
  return { format: parseForm(ownFormatSchema, typed), id: idOrNull(form) };
}

export function readPromptForm(form: FormData): { prompt: OwnPrompt; id: string | null } {
  const typed = { name: textOf(form, 'name'), text: textOf(form, 'text') };
  return { prompt: parseForm(ownPromptSchema, typed), id: idOrNull(form) };
}

export function readOwnId(form: FormData): string {
  return parseForm(ownTextIdSchema, textOf(form, 'id'));
}

function idOrNull(form: FormData): string | null {
  return textOf(form, 'id') === '' ? null : readOwnId(form);
}

/** Browsers send line ends as two characters; limits count one. */
function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').replaceAll('\r\n', '\n');
}
