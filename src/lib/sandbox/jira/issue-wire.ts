import { epicLinkId, epicNameId, riskClassId, storyPointsId } from './fields.ts';
import type { Issue, IssueLink, IssueStore } from './issue-store.ts';
import { catalogued, jiraTime, type Wire } from './wire.ts';

/**
 * An issue as `GET /issue/{key}` and the members of a search answer it.
 * @param fieldSelection Jira's `fields` parameter: names, `*all`, `*navigable`, or `-name` to leave one out.
 */
export function issueToWire(
  issue: Issue,
  deps: { wire: Wire; issues: IssueStore },
  fieldSelection: readonly string[] = ['*all'],
): Record<string, unknown> {
  const { wire } = deps;
  return {
    expand: 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations',
    id: String(issue.id),
    self: `${wire.baseUrl}/rest/api/2/issue/${issue.id}`,
    key: issue.key,
    fields: selectFields(allFields(issue, deps), fieldSelection),
  };
}

/** An issue's history, as `expand=changelog` answers it. */
export function changeLogToWire(
  { key }: Issue,
  { wire, issues }: { wire: Wire; issues: IssueStore },
): Record<string, unknown> {
  const histories = issues.changesOf(key).map(({ id, author, at, items }) => ({
    id: String(id),
    author: wire.personById(author),
    created: jiraTime(at),
    items: items.map(({ field, from, to }) => ({
      field,
      fieldtype: 'jira',
      from: null,
      fromString: from,
      to: null,
      toString: to,
    })),
  }));
  return { startAt: 0, maxResults: histories.length, total: histories.length, histories };
}

// Jira leaves these out of `*navigable`, the default of a search.
const notNavigable = new Set([
  'timetracking',
  'attachment',
  'comment',
  'worklog',
  'archiveddate',
  'archivedby',
]);

function selectFields(all: Record<string, unknown>, selection: readonly string[]): Record<string, unknown> {
  const names = selection.map((name) => name.trim()).filter(Boolean);
  const left = new Set(names.filter((name) => name.startsWith('-')).map((name) => name.slice(1)));
  const taken = new Set(names.filter((name) => !name.startsWith('-')));
  const everything = taken.has('*all') || (taken.size === 0 && left.size > 0);
  const isTaken = (name: string) =>
    !left.has(name) &&
    (everything || taken.has(name) || (taken.has('*navigable') && !notNavigable.has(name)));
  return Object.fromEntries(Object.entries(all).filter(([name]) => isTaken(name)));
}

function allFields(
  issue: Issue,
  { wire, issues }: { wire: Wire; issues: IssueStore },
): Record<string, unknown> {
  const project = catalogued.project(issue.projectKey);
  const components = project.components.filter((component) => issue.componentIds.includes(component.id));
  const self = `${wire.baseUrl}/rest/api/2/issue/${issue.key}`;
  return {
    issuetype: wire.issueType(catalogued.issueType(issue.typeId)),
    project: wire.project(project),
    summary: issue.summary,
    description: issue.description,
    environment: issue.environment,
    labels: issue.labels,
    components: components.map((component) => wire.component(component)),
    priority: wire.priority(catalogued.priority(issue.priorityId)),
    status: wire.status(catalogued.status(issue.statusId)),
    reporter: wire.personById(issue.reporter),
    creator: wire.personById(issue.creator),
    assignee: wire.personById(issue.assignee),
    created: jiraTime(issue.createdAt),
    updated: jiraTime(issue.updatedAt),
    resolution: issue.resolvedAt === null ? null : doneResolution(wire),
    resolutiondate: issue.resolvedAt === null ? null : jiraTime(issue.resolvedAt),
    [storyPointsId]: issue.storyPoints,
    [epicLinkId]: issue.epicLink,
    [epicNameId]: issue.epicName,
    [riskClassId]: issue.riskClassId === null ? null : wire.option(catalogued.riskClass(issue.riskClassId)),
    issuelinks: issues.linksOf(issue.key).flatMap((link) => linkToWire(link, issue, { wire, issues })),
    ...untouchedFields(self),
  };
}

function linkToWire(link: IssueLink, seenFrom: Issue, deps: { wire: Wire; issues: IssueStore }) {
  const pointsOut = link.inwardKey === seenFrom.key;
  const other = deps.issues.find(pointsOut ? link.outwardKey : link.inwardKey);
  if (!other) return [];
  const linked = issueToLinked(other, deps.wire);
  return [
    {
      id: String(link.id),
      self: `${deps.wire.baseUrl}/rest/api/2/issueLink/${link.id}`,
      type: deps.wire.linkType(catalogued.linkType(link.typeId)),
      ...(pointsOut ? { outwardIssue: linked } : { inwardIssue: linked }),
    },
  ];
}

function issueToLinked(issue: Issue, wire: Wire): Record<string, unknown> {
  return {
    id: String(issue.id),
    key: issue.key,
    self: `${wire.baseUrl}/rest/api/2/issue/${issue.id}`,
    fields: {
      summary: issue.summary,
      status: wire.status(catalogued.status(issue.statusId)),
      priority: wire.priority(catalogued.priority(issue.priorityId)),
      issuetype: wire.issueType(catalogued.issueType(issue.typeId)),
    },
  };
}

function doneResolution(wire: Wire): Record<string, unknown> {
  return {
    self: `${wire.baseUrl}/rest/api/2/resolution/10000`,
    id: '10000',
    description: 'Work has been completed on this issue.',
    name: 'Done',
  };
}

// What a real issue carries and nobody can set here: present, so that a client's expectations hold.
function untouchedFields(self: string): Record<string, unknown> {
  return {
    customfield_10101: null,
    timespent: null,
    timeestimate: null,
    timeoriginalestimate: null,
    aggregatetimespent: null,
    aggregatetimeestimate: null,
    aggregatetimeoriginalestimate: null,
    fixVersions: [],
    versions: [],
    subtasks: [],
    workratio: -1,
    lastViewed: null,
    duedate: null,
    watches: { self: `${self}/watchers`, watchCount: 0, isWatching: false },
    votes: { self: `${self}/votes`, votes: 0, hasVoted: false },
    progress: { progress: 0, total: 0 },
    aggregateprogress: { progress: 0, total: 0 },
    timetracking: {},
    attachment: [],
    comment: { comments: [], maxResults: 0, total: 0, startAt: 0 },
    worklog: { startAt: 0, maxResults: 20, total: 0, worklogs: [] },
    archiveddate: null,
    archivedby: null,
  };
}
