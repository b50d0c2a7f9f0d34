/** Languages that Jira's code macro can colour; it reports any other as an error on the page. */
const KNOWN = new Set(
  'actionscript ada applescript bash c c# c++ css erlang go groovy haskell html java javascript json lua objc perl php python r ruby scala sql swift visualbasic xml yaml'.split(
    ' ',
  ),
);

const OTHER_NAMES: Record<string, string> = {
  cpp: 'c++',
  cs: 'c#',
  csharp: 'c#',
  js: 'javascript',
  jsx: 'javascript',
  ts: 'javascript',
  tsx: 'javascript',
  typescript: 'javascript',
  golang: 'go',
  py: 'python',
  rb: 'ruby',
  sh: 'bash',
  shell: 'bash',
  zsh: 'bash',
  svg: 'xml',
  yml: 'yaml',
};

/** A fenced block. Without a language that Jira knows it is shown as it is, since a bare code macro colours it as Java. */
export function wikiCodeBlock(code: string, language: string | null | undefined): string {
  const named = (language ?? '').toLowerCase();
  const known = OTHER_NAMES[named] ?? named;
  const macro = KNOWN.has(known) && !code.includes('{code') ? 'code' : 'noformat';
  // The macro ends at its own name, whatever stands before it: one invisible character keeps it from being the name.
  const shown = code.replaceAll(`{${macro}`, `{\u200b${macro}`);
  return `{${macro === 'code' ? `code:${known}` : macro}}\n${shown}\n{${macro}}`;
}
