import type { ConfigFile } from '../../contracts/config/config-file.ts';
import {
  mappedCapabilities,
  secretPlaceholders,
  type MappedCapability,
  type MappedTool,
  type Product,
  type ToolServerEntry,
} from '../../contracts/config/tool-servers.ts';
import type { ConfigFinding } from './config-problem.ts';
import { headerFindings } from './header-checks.ts';
import { placeholdersOf, textsOf } from './placeholders.ts';
import { productOf } from './tool-servers.ts';
import { unknownPlaceholders } from './unknown-placeholders.ts';

type Path = readonly string[];

/** What no schema can say of `mcpServers`. */
export function checkToolServers({ mcpServers }: Pick<ConfigFile, 'mcpServers'>): ConfigFinding[] {
  return Object.entries(mcpServers).flatMap(([name, entry]) => {
    const path = ['mcpServers', name];
    const product = productOf(entry);
    const findings = [...checkKind(entry, path), ...checkMapping(entry, path)];
    if (!product) return [...findings, productMissing(path)];
    return [...findings, ...checkName(name, product, path), ...checkPlaceholders(entry, product, path)];
  });
}

function productMissing(path: Path): ConfigFinding {
  const message =
    'expected "product": "jira" or "confluence", because no placeholder tells it; a server of both is named twice';
  return { path: [...path, 'product'], message };
}

/** Its name and that of a built-in server, which takes the other product's, must not be the same. */
function checkName(name: string, product: Product, path: Path): ConfigFinding[] {
  const taken = Object.keys(secretPlaceholders).some((one) => one === name && one !== product);
  return taken ? [{ path, message: `expected another name: the built-in server is called "${name}"` }] : [];
}

function checkKind(entry: ToolServerEntry, path: Path): ConfigFinding[] {
  const { url, command, builtin, headers, args, env } = entry;
  const kinds = [url, command, builtin].filter((one) => one !== undefined).length;
  if (kinds !== 1) return [{ path, message: 'expected one of url, command and builtin' }];
  const findings: ConfigFinding[] = [];
  if (headers && url === undefined)
    findings.push({ path: [...path, 'headers'], message: 'expected no headers without url' });
  if ((args ?? env) && command === undefined)
    findings.push({
      path: [...path, args ? 'args' : 'env'],
      message: 'expected command beside args and env',
    });
  return findings;
}

function checkPlaceholders(entry: ToolServerEntry, product: Product, path: Path): ConfigFinding[] {
  const { token, url } = secretPlaceholders[product];
  const { headers = {}, env = {}, args = [] } = entry;
  return [
    ...unknownPlaceholders(entry.url ?? '', [], [...path, 'url']),
    ...unknownPlaceholders(headers, [token, url], [...path, 'headers']),
    ...headerFindings(headers, [...path, 'headers']),
    ...unknownPlaceholders(env, [token, url], [...path, 'env']),
    // A process list shows them to every user of the machine.
    ...unknownPlaceholders(args, [url], [...path, 'args']),
  ];
}

function checkMapping({ tools = {} }: ToolServerEntry, path: Path): ConfigFinding[] {
  return Object.entries(tools).flatMap(([name, tool]) => {
    if (!tool) return [];
    const capability = name as MappedCapability;
    const place = [...path, 'tools', name];
    const args = [...place, 'arguments'];
    return [
      ...unknownPlaceholders(tool.arguments, mappedCapabilities[capability], args),
      ...(capability === 'createIssue' ? checkCreate(tool, args) : []),
      ...(tool.result === undefined && needsResult(capability)
        ? [{ path: [...place, 'result'], message: 'expected where the result stands in the answer' }]
        : []),
    ];
  });
}

function needsResult(capability: MappedCapability): boolean {
  return capability !== 'linkIssues' && capability !== 'deleteIssue';
}

/** Without its label, an issue whose creation was not answered could not be found again. */
const creationNeeds = [
  ['projectKey'],
  ['issueType', 'issueTypeId'],
  ['summary'],
  ['description'],
  ['labels', 'labelsCsv', 'allFields', 'allFieldsJson'],
];

function checkCreate(tool: MappedTool, path: Path): ConfigFinding[] {
  const names = [...textsOf(tool.arguments)].flatMap(({ text }) => placeholdersOf(text));
  return creationNeeds
    .filter((either) => !either.some((name) => names.includes(name)))
    .map((either) => ({ path, message: `expected ${either.map((name) => `{{${name}}}`).join(' or ')}` }));
}
