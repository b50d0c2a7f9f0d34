import { writingFileMaxBytes } from '$lib/contracts/writing-file';
import { InvalidError } from '$lib/server/errors/app-error';

/** The text of the file that was chosen, or of the one that was looked at before: that travels in the form itself. */
export async function readImportText(form: FormData): Promise<string> {
  const told = form.get('file') ?? form.get('text');
  if (!(told instanceof File)) return String(told ?? '');
  if (told.size > writingFileMaxBytes)
    throw new InvalidError(
      'writing_file_invalid',
      'This file is larger than all rules, formats and prompts could be.',
      { hint: 'Nothing was changed. Take a file that was exported on this page.' },
    );
  return told.text();
}
