/** What people write for a letter. Several readings are tried where a sign stands for two. */
const DISGUISES: Record<string, string>[] = [
  { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't', '8': 'b' },
  { '@': 'a', '4': 'a', '3': 'e', '1': 'l', '!': 'l', '0': 'o', $: 's', '5': 's', '7': 't', '9': 'g' },
];

/**
 * Whether a password is a common one in any case, with digits and signs around it and common disguises in it:
 * `Summer2026!` and `P@ssw0rd1` meet every rule of composition and are among the first that a guesser tries.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  const common = await (commonPasswords ??= readCommonPasswords());
  return readings(password).some((reading) => common.has(reading));
}

/** Read when the first password is set: most processes never need it, and it is some 8,000 words. */
let commonPasswords: Promise<ReadonlySet<string>> | undefined;

async function readCommonPasswords(): Promise<ReadonlySet<string>> {
  const { default: lists } = await import('./common-passwords.json', { with: { type: 'json' } });
  return new Set([lists.ours, lists.listed].flatMap((words) => words.split(' ')));
}

/** The words that a password may have been made of. */
function readings(password: string): string[] {
  const lower = password.normalize('NFKC').toLowerCase();
  const plain = [withoutSigns(lower), withoutYear(lower), lettersBetween(lower)];
  const meant = DISGUISES.flatMap((disguise) => [
    ...plain.map((text) => disguised(text, disguise)),
    lettersBetween(disguised(lower, disguise)),
  ]);
  return [...plain, ...meant];
}

function disguised(text: string, disguise: Record<string, string>): string {
  return [...text].map((character) => disguise[character] ?? character).join('');
}

/** Without the signs at both ends; digits stay, as in `abc123`. */
function withoutSigns(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

/** Without the digits and signs at the end; digits in front stay, as in `1q2w3e`. */
function withoutYear(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+|[^\p{L}]+$/gu, '');
}

/** Without the digits and signs at both ends. */
function lettersBetween(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}
