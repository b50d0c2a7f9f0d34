import { faviconRoute, html, pageReply, type SafeHtml } from '../html.ts';
import type { PracticeReply } from '../http.ts';
import type { Route } from '../router.ts';
import { projects } from './catalogue.ts';
import type { Issue } from './issue-store.ts';
import type { JiraParts } from './jira-parts.ts';
import { renderWikiMarkup } from './wiki-markup.ts';
import { catalogued } from './wire.ts';

/** Pages to look at in a browser. They ask for no token: the practice world has no secrets. */
export function jiraPages(parts: JiraParts): Route[] {
  const home = `${parts.wire.baseUrl}/`;
  const page = (title: string, body: SafeHtml, status = 200): PracticeReply =>
    pageReply({ title, product: 'Practice Jira', homePath: home, body, status });
  const notThere = (what: string) =>
    page(
      'Not found',
      html`<h1>Not found</h1>
        <p>There is no ${what} in this practice Jira.</p>`,
      404,
    );

  return [
    faviconRoute,
    {
      method: 'GET',
      pattern: '/',
      handle: () =>
        page(
          'Projects',
          html`<h1>Projects</h1>
            <ul>
              ${projects.map(
                ({ key, name, description }) =>
                  html`<li>
                    <a href="${home}projects/${key}">${name}</a> (${key})<br /><span class="quiet"
                      >${description}</span
                    >
                  </li>`,
              )}
            </ul>`,
        ),
    },
    {
      method: 'GET',
      pattern: '/projects/:key',
      handle: ({ params }) => {
        const project = projects.find(({ key }) => key === params.key?.toUpperCase());
        if (!project) return notThere(`project ${params.key ?? ''}`);
        const issues = parts.issues.all().filter((issue) => issue.projectKey === project.key);
        return page(
          project.name,
          html`<h1>${project.name}</h1>
            <p>${project.description}</p>
            ${issueTable(issues, home)}`,
        );
      },
    },
    {
      method: 'GET',
      pattern: '/browse/:key',
      handle: ({ params }) => {
        const issue = parts.issues.find(params.key ?? '');
        if (!issue) return notThere(`issue ${params.key ?? ''}`);
        return page(`${issue.key} ${issue.summary}`, issueBody(issue, parts, home));
      },
    },
  ];
}

function issueTable(issues: readonly Issue[], home: string): SafeHtml {
  if (issues.length === 0) return html`<p class="quiet">No issue yet.</p>`;
  const rows = issues.map(
    (issue) =>
      html`<tr>
        <td><a href="${home}browse/${issue.key}">${issue.key}</a></td>
        <td>${catalogued.issueType(issue.typeId).name}</td>
        <td>${issue.summary}</td>
        <td>${catalogued.status(issue.statusId).name}</td>
      </tr>`,
  );
  return html`<table>
    <tr>
      <th>Key</th>
      <th>Type</th>
      <th>Summary</th>
      <th>Status</th>
    </tr>
    ${rows}
  </table>`;
}

function issueBody(issue: Issue, parts: JiraParts, home: string): SafeHtml {
  const project = catalogued.project(issue.projectKey);
  const reporter = parts.people.byEmployeeId(issue.reporter);
  const facts: [string, string | SafeHtml][] = [
    ['Type', catalogued.issueType(issue.typeId).name],
    ['Status', catalogued.status(issue.statusId).name],
    ['Priority', catalogued.priority(issue.priorityId).name],
    ['Reporter', reporter?.displayName ?? issue.reporter],
    ['Created', new Date(issue.createdAt).toUTCString()],
  ];
  const components = project.components.filter(({ id }) => issue.componentIds.includes(id));
  if (components.length > 0) facts.push(['Components', components.map(({ name }) => name).join(', ')]);
  if (issue.labels.length > 0) facts.push(['Labels', issue.labels.join(', ')]);
  if (issue.storyPoints !== null) facts.push(['Story points', String(issue.storyPoints)]);
  if (issue.epicName) facts.push(['Epic name', issue.epicName]);
  if (issue.epicLink)
    facts.push(['Epic', html`<a href="${home}browse/${issue.epicLink}">${issue.epicLink}</a>`]);
  if (issue.riskClassId) facts.push(['Risk class', catalogued.riskClass(issue.riskClassId).name]);
  return html` <p class="quiet">
      <a href="${home}projects/${project.key}">${project.name}</a> / ${issue.key}
    </p>
    <h1>${issue.summary}</h1>
    <dl>
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${issue.description ? renderWikiMarkup(issue.description) : html`<p class="quiet">No description.</p>`}
    ${linkList(issue, parts, home)}`;
}

function linkList(issue: Issue, { issues }: JiraParts, home: string): SafeHtml {
  const links = issues.linksOf(issue.key);
  if (links.length === 0) return html``;
  return html`<h2>Linked issues</h2>
    <ul>
      ${links.map((link) => {
        const pointsOut = link.inwardKey === issue.key;
        const type = catalogued.linkType(link.typeId);
        const other = issues.find(pointsOut ? link.outwardKey : link.inwardKey);
        return html`<li>
          ${pointsOut ? type.outward : type.inward}
          <a href="${home}browse/${other?.key ?? ''}">${other?.key ?? ''}</a> ${other?.summary ?? ''}
        </li>`;
      })}
    </ul>`;
}
