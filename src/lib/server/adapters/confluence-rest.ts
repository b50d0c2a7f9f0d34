import { UpstreamError } from '../errors/app-error.ts';
import { createRestCaller } from './atlassian/rest-caller.ts';
import type { RestCaller, RestDeps } from './atlassian/rest-caller.ts';
import { readTokenExpiry } from './atlassian/token-expiry.ts';
import {
  confluenceContentListSchema,
  confluenceContentSchema,
  confluenceSpaceListSchema,
  confluenceUserSchema,
} from './confluence/confluence-schemas.ts';
import { toPage, toPageSummary } from './confluence/confluence-page.ts';
import type { ConfluencePage, ConfluencePageSummary } from './confluence/confluence-page.ts';

export interface ConfluenceUser {
  username: string;
  displayName: string;
}

export interface ConfluenceSpace {
  key: string;
  name: string;
}

export type { ConfluencePage, ConfluencePageSummary };

/** Confluence Data Center's REST API with one person's token. Rejects with UpstreamErrors, as JiraRest does. */
export interface ConfluenceRest {
  readonly baseUrl: string;
  /** Rejects with `confluence_token_refused` where Confluence takes the caller for a guest. */
  currentUser(): Promise<ConfluenceUser>;
  /** As `JiraRest` has it. */
  tokenExpiresAt(): Promise<number | null>;
  spaces(): Promise<ConfluenceSpace[]>;
  page(pageId: string): Promise<ConfluencePage>;
  /** Null where the space has no such page, or does not show it. */
  pageByTitle(spaceKey: string, title: string): Promise<ConfluencePage | null>;
  search(query: { cql: string; limit?: number }): Promise<ConfluencePageSummary[]>;
  createPage(page: NewConfluencePage): Promise<ConfluencePageSummary>;
}

export interface NewConfluencePage {
  spaceKey: string;
  title: string;
  parentId?: string;
  /** Storage format. */
  storage: string;
}

const API = '/rest/api';
const PAGE_PARTS = 'body.storage,version,space';
const SPACES_AT_ONCE = 200;
/** Against a server whose pages never end. */
const MOST_SPACES = 5_000;

export function createConfluenceRest(deps: RestDeps): ConfluenceRest {
  const rest = createRestCaller('confluence', deps);
  const { baseUrl } = deps;

  return {
    baseUrl,
    tokenExpiresAt: () => readTokenExpiry(rest, Date.now()),
    async currentUser() {
      const user = await rest.read({ path: `${API}/user/current` }, confluenceUserSchema);
      if (user.type !== 'known' || !user.username) throw guest();
      return { username: user.username, displayName: user.displayName };
    },
    spaces: () => allSpaces(rest),
    async page(pageId) {
      const path = `${API}/content/${encodeURIComponent(pageId)}?expand=${PAGE_PARTS}`;
      return toPage(await rest.read({ path }, confluenceContentSchema), baseUrl);
    },
    async pageByTitle(spaceKey, title) {
      const query = new URLSearchParams({ spaceKey, title, type: 'page', expand: PAGE_PARTS, limit: '1' });
      const { results } = await rest.read({ path: `${API}/content?${query}` }, confluenceContentListSchema);
      return results[0] ? toPage(results[0], baseUrl) : null;
    },
    async search({ cql, limit = 10 }) {
      const query = new URLSearchParams({ cql, limit: String(limit), expand: 'space,version' });
      const { results } = await rest.read(
        { path: `${API}/content/search?${query}` },
        confluenceContentListSchema,
      );
      return results.map((content) => toPageSummary(content, baseUrl));
    },
    async createPage({ spaceKey, title, parentId, storage }) {
      const body = {
        type: 'page',
        title,
        space: { key: spaceKey },
        ...(parentId === undefined ? {} : { ancestors: [{ id: parentId }] }),
        body: { storage: { value: storage, representation: 'storage' } },
      };
      const content = await rest.write(
        { method: 'POST', path: `${API}/content`, body },
        confluenceContentSchema,
      );
      return toPageSummary(content, baseUrl);
    },
  };
}

async function allSpaces(rest: RestCaller): Promise<ConfluenceSpace[]> {
  const spaces: ConfluenceSpace[] = [];
  while (spaces.length < MOST_SPACES) {
    const path = `${API}/space?start=${spaces.length}&limit=${SPACES_AT_ONCE}`;
    const { results, _links } = await rest.read({ path }, confluenceSpaceListSchema);
    spaces.push(...results.map(({ key, name }) => ({ key, name })));
    if (results.length === 0 || _links.next === undefined) break;
  }
  return spaces;
}

function guest(): UpstreamError {
  return new UpstreamError(
    'confluence_token_refused',
    'Confluence did not accept the token: it sees a guest.',
    {
      upstream: 'confluence',
      kind: 'credential',
      status: 200,
      hint: 'Create a new personal access token in Confluence and save it in Configurations.',
    },
  );
}
