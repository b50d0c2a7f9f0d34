import { faviconRoute, html, pageReply, type SafeHtml } from '../html.ts';
import type { PracticeReply } from '../http.ts';
import type { Route } from '../router.ts';
import type { ConfluenceParts } from './confluence-parts.ts';
import type { WikiPage } from './page-store.ts';
import { findSpace, spaces } from './spaces.ts';
import { renderStorage } from './storage-text.ts';
import { webPath } from './wire.ts';

/** Pages to look at in a browser. They ask for no token: the practice world has no secrets. */
export function confluencePages({ pages, wire }: ConfluenceParts): Route[] {
  const home = `${wire.baseUrl}/`;
  const view = (title: string, body: SafeHtml, status = 200): PracticeReply =>
    pageReply({ title, product: 'Practice Confluence', homePath: home, body, status });
  const show = (page: WikiPage | undefined) =>
    page
      ? view(page.title, wikiPageBody(page, wire.baseUrl))
      : view(
          'Not found',
          html`<h1>Not found</h1>
            <p>There is no such page in this practice Confluence.</p>`,
          404,
        );
  const listOf = (spaceKey: string) =>
    html`<ul>
      ${pages
        .all()
        .filter((page) => page.spaceKey === spaceKey)
        .map((page) => html`<li><a href="${wire.baseUrl + webPath(page)}">${page.title}</a></li>`)}
    </ul>`;

  return [
    faviconRoute,
    {
      method: 'GET',
      pattern: '/',
      handle: () =>
        view(
          'Spaces',
          html`<h1>Spaces</h1>
            ${spaces.map(
              ({ key, name }) =>
                html`<h2>${name}</h2>
                  ${listOf(key)}`,
            )}`,
        ),
    },
    {
      method: 'GET',
      pattern: '/pages/viewpage.action',
      handle: ({ request }) => show(pages.find(Number(request.query.get('pageId')))),
    },
    {
      method: 'GET',
      pattern: '/display/:space',
      handle: ({ params }) => {
        const space = findSpace(params.space);
        return space
          ? view(
              space.name,
              html`<h1>${space.name}</h1>
                ${listOf(space.key)}`,
            )
          : show(undefined);
      },
    },
    {
      method: 'GET',
      pattern: '/display/:space/:title',
      handle: ({ params }) =>
        show(pages.findByTitle(params.space?.toUpperCase() ?? '', params.title?.replaceAll('+', ' ') ?? '')),
    },
    {
      method: 'GET',
      pattern: '/images/icons/profilepics/:name',
      handle: () => ({
        status: 200,
        headers: {
          'content-type': 'image/svg+xml;charset=UTF-8',
          'content-security-policy': "default-src 'none'",
        },
        body: '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><circle cx="24" cy="24" r="24" fill="#8a8577"/></svg>',
      }),
    },
  ];
}

function wikiPageBody(page: WikiPage, baseUrl: string): SafeHtml {
  const space = findSpace(page.spaceKey);
  return html` <p class="quiet">
      <a href="${baseUrl}/display/${page.spaceKey}">${space?.name ?? page.spaceKey}</a>
    </p>
    <h1>${page.title}</h1>
    <p class="quiet">Version ${page.version}, changed on ${new Date(page.updatedAt).toUTCString()}</p>
    ${renderStorage(page.storage)}`;
}
