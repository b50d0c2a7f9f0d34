import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const routesFolder = fileURLToPath(new URL('../../src/routes', import.meta.url));

export interface Route {
  /** Such as `GET /creator/[id]`, `POST /tools?/retry`. */
  name: string;
  method: string;
  /** With its parameters in brackets. */
  path: string;
  kind: 'page' | 'action' | 'endpoint';
}

/** Every address of the product that answers, read from the sources: whoever adds one adds it here too. */
export function routeInventory(): Route[] {
  return readdirSync(routesFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /[+](page[.]svelte|page[.]server[.]ts|server[.]ts)$/.test(file))
    .flatMap(routesOf)
    .sort((a, b) => a.name.localeCompare(b.name));
}

function routesOf(file: string): Route[] {
  const path = addressOf(file);
  if (file.endsWith('+page.svelte')) return [route('GET', path, 'page')];
  const exported = exportsOf(join(routesFolder, file));
  if (file.endsWith('+server.ts'))
    return [...exported.keys()]
      .filter((name) => /^[A-Z]+$/.test(name))
      .map((name) => route(name, path, 'endpoint'));
  const isPageOnly = !readdirSync(join(routesFolder, file, '..')).includes('+page.svelte');
  const actions = (exported.get('actions') ?? []).map((action) =>
    route('POST', action === 'default' ? path : `${path}?/${action}`, 'action'),
  );
  return isPageOnly ? [route('GET', path, 'page'), ...actions] : actions;
}

function route(method: string, path: string, kind: Route['kind']): Route {
  return { name: `${method} ${path}`, method, path, kind };
}

/** Groups such as `(app)` are no part of an address. */
function addressOf(file: string): string {
  const folders = relative('.', file).split(sep).slice(0, -1);
  return `/${folders.filter((folder) => !/^[(].*[)]$/.test(folder)).join('/')}`;
}

/** Exported names; with them the keys of those that are object literals. */
function exportsOf(file: string): Map<string, string[]> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const found = new Map<string, string[]>();
  for (const statement of source.statements) {
    const declares = ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement);
    if (!declares || !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    if (ts.isFunctionDeclaration(statement)) {
      if (statement.name) found.set(statement.name.text, []);
      continue;
    }
    for (const { name, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name)) found.set(name.text, initializer ? keysOf(initializer) : []);
  }
  return found;
}

function keysOf(initializer: ts.Expression): string[] {
  if (!ts.isObjectLiteralExpression(initializer)) return [];
  return initializer.properties.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : []));
}
