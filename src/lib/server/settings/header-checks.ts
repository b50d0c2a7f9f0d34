import type { ConfigFinding } from './config-problem.ts';

/** Whether configured headers can be sent: names, values on one line, and none that the connection sets itself. */
export function headerFindings(
  headers: Readonly<Record<string, string>>,
  root: readonly string[],
): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const path = [...root, name];
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
      findings.push({ path, message: 'expected a header name without spaces' });
    if (CONNECTION_HEADERS.has(name.toLowerCase()))
      findings.push({ path, message: `expected no ${name} header: the connection sets it itself` });
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
      findings.push({ path, message: 'expected a value on one line' });
  }
  return findings;
}

/** What HTTP itself sets; a template that sets it too would break the framing of the request. */
const CONNECTION_HEADERS = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'te',
  'expect',
]);
