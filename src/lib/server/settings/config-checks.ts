import type { ConfigFile } from '../../contracts/config/config-file.ts';
import type { HeaderFile, PayloadFile, PromptsFile } from '../../contracts/config/template-files.ts';
import { headerPlaceholders, payloadPlaceholders } from '../../contracts/config/template-files.ts';
import { callTypes } from '../../contracts/model-answer.ts';
import type { ConfigFinding } from './config-problem.ts';
import { headerFindings } from './header-checks.ts';
import { placeholdersOf, textsOf } from './placeholders.ts';
import { checkToolServers } from './tool-server-checks.ts';
import { unknownPlaceholders } from './unknown-placeholders.ts';

/** What no single schema can say. Each check returns its findings in the file that it is named after. */

export function checkConfig(config: ConfigFile): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  if (config.mode === 'live' && config.jira.url === null) {
    findings.push({
      path: ['jira', 'url'],
      message: 'expected the URL of your Jira, because mode is "live"',
    });
  }
  const { endpoints, dialect } = config.llm;
  if (endpoints.whoami && !endpoints.whoami.identityPath) {
    findings.push({
      path: ['llm', 'endpoints', 'whoami', 'identityPath'],
      message: 'expected where the employee id stands in the answer',
    });
  }
  if ((dialect.type === 'ndjson' || dialect.type === 'json') && !dialect.deltaPath) {
    findings.push({
      path: ['llm', 'dialect', 'deltaPath'],
      message: `expected where the text stands, because type is "${dialect.type}"`,
    });
  }
  findings.push(...checkToolServers(config));
  if (!config.rules.pointScale.some((points) => points > 0 && points <= config.rules.maxStoryPoints)) {
    findings.push({
      path: ['rules', 'maxStoryPoints'],
      message: 'expected at least the smallest points of rules.pointScale',
    });
  }
  return findings;
}

export function checkHeaders({ headers }: HeaderFile, config: ConfigFile): ConfigFinding[] {
  const findings = unknownPlaceholders(headers, headerPlaceholders, ['headers']);
  findings.push(...headerFindings(headers, ['headers']));
  const carriesCredential = Object.values(headers).some((value) =>
    placeholdersOf(value).includes('credential'),
  );
  if (config.llm.credential !== 'none' && !carriesCredential) {
    findings.push({
      path: ['headers'],
      message: `expected a header with {{credential}}, because llm.credential is "${config.llm.credential}"`,
    });
  }
  if (config.llm.credential === 'none' && carriesCredential) {
    findings.push({
      path: ['headers'],
      message: 'expected no {{credential}}, because llm.credential is "none"',
    });
  }
  return findings;
}

export function checkPayloads(payloads: PayloadFile): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  for (const type of ['default', ...callTypes] as const) {
    const template = payloads[type];
    if (template === undefined) continue;
    findings.push(...unknownPlaceholders(template, payloadPlaceholders, [type]));
    const names = [...textsOf(template)].flatMap(({ text }) => placeholdersOf(text));
    if (type !== 'whoami' && !names.includes('messages') && !names.includes('prompt')) {
      findings.push({
        path: [type],
        message: 'expected {{messages}} or {{prompt}}, or the model is told nothing',
      });
    }
  }
  return findings;
}

export function checkPrompts({ customPrompts, storyFormats }: PromptsFile): ConfigFinding[] {
  const findings = [
    ...repeated(customPrompts, ['customPrompts']),
    ...repeated(storyFormats, ['storyFormats']),
  ];
  storyFormats.forEach((format, index) => {
    if (format.kind !== 'custom' || format.sections.length > 0) return;
    findings.push({
      path: ['storyFormats', index, 'sections'],
      message: 'expected the sections of the template, because kind is "custom"',
    });
  });
  return findings;
}

function repeated(entries: readonly { id: string }[], root: readonly string[]): ConfigFinding[] {
  return entries.flatMap(({ id }, index) =>
    entries.findIndex((other) => other.id === id) < index
      ? [{ path: [...root, index, 'id'], message: `expected an id of its own, found "${id}" twice` }]
      : [],
  );
}
