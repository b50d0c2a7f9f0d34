import type { People, PracticePerson } from '../people.ts';
import type { WikiPage } from './page-store.ts';
import { findSpace, type Space } from './spaces.ts';

/** Turns pages, spaces and people into the JSON that Confluence answers. */
export interface ConfluenceWire {
  readonly baseUrl: string;
  readonly contextPath: string;
  person(person: PracticePerson): Record<string, unknown>;
  space(space: Space): Record<string, unknown>;
  /** @param expand names such as `body.storage`, `version`, `space`, `history`, `ancestors`. */
  page(page: WikiPage, expand: readonly string[]): Record<string, unknown>;
}

const expandableParts = ['container', 'metadata', 'operations', 'children', 'restrictions', 'descendants'];

export function createConfluenceWire(deps: {
  baseUrl: string;
  contextPath: string;
  people: People;
  findPage: (id: number) => WikiPage | undefined;
}): ConfluenceWire {
  const { baseUrl, contextPath, people, findPage } = deps;

  function person(someone: PracticePerson): Record<string, unknown> {
    return {
      type: 'known',
      username: someone.employeeId,
      userKey: `ff80818${someone.userKey.toLowerCase()}`,
      profilePicture: {
        path: `${contextPath}/images/icons/profilepics/default.svg`,
        width: 48,
        height: 48,
        isDefault: true,
      },
      displayName: someone.displayName,
      _links: { self: `${baseUrl}/rest/api/user?key=ff80818${someone.userKey.toLowerCase()}` },
      _expandable: { status: '' },
    };
  }

  function personById(employeeId: string): Record<string, unknown> {
    const someone = people.byEmployeeId(employeeId);
    return someone ? person(someone) : { type: 'unknown', displayName: employeeId };
  }

  function space(shown: Space): Record<string, unknown> {
    return {
      id: shown.id,
      key: shown.key,
      name: shown.name,
      type: 'global',
      status: 'current',
      _links: { webui: `/display/${shown.key}`, self: `${baseUrl}/rest/api/space/${shown.key}` },
      _expandable: { metadata: '', icon: '', description: '', homepage: '', retentionPolicy: '' },
    };
  }

  function page(shown: WikiPage, expand: readonly string[]): Record<string, unknown> {
    const wants = (name: string) => expand.some((part) => part === name || part.startsWith(`${name}.`));
    const parts: Record<string, unknown> = {
      space: () => space(findSpace(shown.spaceKey) ?? { id: 0, key: shown.spaceKey, name: shown.spaceKey }),
      version: () => version(shown),
      history: () => history(shown),
      ancestors: () => ancestorsOf(shown).map((ancestor) => page(ancestor, [])),
      body: () => ({
        ...bodies(shown, expand),
        _expandable: { editor: '', export_view: '', styled_view: '' },
      }),
    };
    const expanded = Object.entries(parts).filter(([name]) => wants(name)) as [string, () => unknown][];
    const left = [...Object.keys(parts).filter((name) => !wants(name)), ...expandableParts];
    return {
      id: String(shown.id),
      type: 'page',
      status: 'current',
      title: shown.title,
      ...Object.fromEntries(expanded.map(([name, build]) => [name, build()])),
      extensions: { position: 'none' },
      _links: {
        webui: webPath(shown),
        edit: `/pages/resumedraft.action?draftId=${shown.id}`,
        tinyui: `/x/${shown.id.toString(36)}`,
        self: `${baseUrl}/rest/api/content/${shown.id}`,
      },
      _expandable: Object.fromEntries(
        left.map((name) => [name, `/rest/api/content/${shown.id}?expand=${name}`]),
      ),
    };
  }

  function ancestorsOf(shown: WikiPage): WikiPage[] {
    const parent = shown.parentId === null ? undefined : findPage(shown.parentId);
    return parent ? [...ancestorsOf(parent), parent] : [];
  }

  function version(shown: WikiPage) {
    const when = new Date(shown.updatedAt).toISOString();
    return {
      by: personById(shown.updatedBy),
      when,
      message: '',
      number: shown.version,
      minorEdit: false,
      hidden: false,
    };
  }

  function history(shown: WikiPage) {
    return {
      latest: true,
      createdBy: personById(shown.createdBy),
      createdDate: new Date(shown.createdAt).toISOString(),
      lastUpdated: version(shown),
    };
  }

  return { baseUrl, contextPath, person, space, page };
}

/** Where a person looks at a page. Titles that do not fit a path are shown by page id, as Confluence does. */
export function webPath(page: WikiPage): string {
  if (/[?/\\&+%#;]/.test(page.title)) return `/pages/viewpage.action?pageId=${page.id}`;
  return `/display/${page.spaceKey}/${encodeURIComponent(page.title).replaceAll('%20', '+')}`;
}

// `view` would be rendered HTML; our pages use no macro, so both bodies are the same text.
function bodies(page: WikiPage, expand: readonly string[]): Record<string, unknown> {
  const representations = ['storage', 'view'].filter((name) => expand.includes(`body.${name}`));
  return Object.fromEntries(
    representations.map((representation) => [
      representation,
      { value: page.storage, representation, _expandable: { content: `/rest/api/content/${page.id}` } },
    ]),
  );
}
