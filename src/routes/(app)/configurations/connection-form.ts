import { z } from 'zod';
import {
  connectionFormSchema,
  connectionKindSchema,
  type ConnectionForm,
  type ConnectionKind,
  type ConnectionView,
} from '$lib/contracts/connection';
import { parseForm } from '../../form-reply';

/** Beyond it a file is no CA certificate, and is not read at all. */
const CA_FILE_MAX_BYTES = 65_536;

const kindSchema = z.object({ kind: connectionKindSchema });

export function kindOf(form: FormData): ConnectionKind {
  return parseForm(kindSchema, { kind: form.get('kind') }).kind;
}

/** A connection's form as its contract. Checkboxes are sent only when they are on; the CA comes as a file. */
export async function readConnectionForm(form: FormData): Promise<ConnectionForm> {
  return parseForm(connectionFormSchema, {
    url: textOrNothing(form.get('url')),
    secret: form.get('secret') ?? '',
    verifyTls: form.has('verifyTls'),
    caPem: await fileText(form.get('ca')),
    removeCa: form.has('removeCa'),
  });
}

/** Whether saving would change anything: a mere test must not count as a change of the configuration. */
export function changesSomething(form: ConnectionForm, view: ConnectionView): boolean {
  const urlChanged = form.url !== undefined && form.url !== view.url;
  return (
    urlChanged ||
    form.secret !== '' ||
    form.verifyTls !== view.verifyTls ||
    form.caPem !== '' ||
    form.removeCa
  );
}

function textOrNothing(value: FormDataEntryValue | null): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

async function fileText(file: FormDataEntryValue | null): Promise<string> {
  if (!(file instanceof File) || file.size === 0) return '';
  // The contract refuses it by its length, with its own sentence.
  if (file.size > CA_FILE_MAX_BYTES) return ' '.repeat(CA_FILE_MAX_BYTES + 1);
  return file.text();
}
