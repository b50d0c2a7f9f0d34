/** Keys whose value is a secret by its name: `password`, `set-cookie`, `encrypted_jira_pat`, `x-api-key` ... */
const SECRET_KEY =
  /^(?:.*[-_.])?(?:password|passwd|passphrase|secret|tokens?|pat|cookies?|authorization|credentials?|api[-_]?key|private[-_]?key|session(?:[-_]?id)?|jwt)$/i;
/** `accessToken`, `jiraToken`, `hashedPassword`, `clientSecret`, `llmCookie`. */
const SECRET_CAMEL_KEY =
  /[a-z](?:Password|Secret|Token|Cookie|Credential|Authorization|ApiKey|PrivateKey|Pat|SessionId)$/;
/** Numbers of tokens are no secrets: `input_tokens`, `maxTokens`. */
const COUNTED_KEY = /(?:input|output|max|context|prompt|completion|total)[-_]?tokens$/i;

export function isSecretKey(key: string): boolean {
  return (SECRET_KEY.test(key) || SECRET_CAMEL_KEY.test(key)) && !COUNTED_KEY.test(key);
}

/** The text with everything that has the form of a secret replaced. */
export function replaceSecretForms(text: string, replacement: string): string {
  let clean = text;
  for (const { hint, pattern } of FORMS) {
    // Most lines hold none of these, and a plain search is far cheaper than the pattern.
    if (hint.test(clean)) clean = clean.replace(pattern, `$<before>${replacement}`);
  }
  return clean.replace(PERSONAL_ACCESS_TOKEN, (token) =>
    isPersonalAccessToken(token) ? replacement : token,
  );
}

const FORMS = [
  {
    hint: /PRIVATE KEY/,
    pattern: /(?<before>)-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  },
  { hint: /eyJ/, pattern: /(?<before>)\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g },
  { hint: /cookie/i, pattern: /(?<before>\b(?:set-)?cookie["']?\s*[:=]\s*["']?)[^\r\n"']+/gi },
  { hint: /authorization/i, pattern: /(?<before>\bauthorization["']?\s*[:=]\s*["']?)[^\r\n"',}]+/gi },
  { hint: /bearer|basic/i, pattern: /(?<before>\b(?:bearer|basic)\s+)(?!token\b)[\w.~+/=-]{8,}/gi },
  { hint: /:\/\//, pattern: /(?<before>[a-z][a-z0-9+.-]*:\/\/)[^\s/@:"']*:[^\s/@"']+(?=@)/gi },
  {
    hint: /pass|secret|token|key|credential|session/i,
    pattern:
      /(?<before>\b[\w-]*(?:password|passwd|passphrase|secret|token|api[-_]?key|credential|session(?:[-_]?id)?)\\*["']?\s*[:=]\s*\\*["']?)[^\s"'\\&,;{}[\]]{4,}/gi,
  },
];

/** Jira and Confluence Data Center: 44 base64 characters, 12 digits and a colon before 20 random bytes. */
const PERSONAL_ACCESS_TOKEN = /(?<![A-Za-z0-9+/=])[MNO][A-Za-z0-9+/]{43}(?![A-Za-z0-9+/=])/g;

/**
 * Whether JSON may hold a secret by its form or under its key. Written so loosely that it misses none that
 * `replaceSecretForms` and `isSecretKey` find in what the JSON says: as JSON, a text has escapes in front of its words.
 */
export function mayHoldSecretForm(json: string): boolean {
  return ANY_FORM.test(json);
}

const ANY_FORM = new RegExp(
  [...FORMS.map(({ hint }) => hint.source), 'pat":', 'jwt', '[MNO][A-Za-z0-9+/]{43}'].join('|'),
  'i',
);

function isPersonalAccessToken(text: string): boolean {
  return /^\d{8,16}:/.test(Buffer.from(text, 'base64').toString('latin1'));
}
