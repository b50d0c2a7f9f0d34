/** The text of the file that was chosen, or of the one that was looked at before: that travels in the form itself. */
export async function readImportText(form: FormData): Promise<string> {
  const told = form.get('file') ?? form.get('text');
  return told instanceof File ? told.text() : (told ?? '');
}
