import type { Clock } from '../clock.ts';
import { bugType, doneStatusId, epicType, openStatusId, storyType, taskType } from './catalogue.ts';
import type { IssueContent, IssueStore } from './issue-store.ts';
import type { SeededIssue } from './seeded-issue.ts';
import { operationsBacklog } from './seeded-operations-backlog.ts';
import { portalBacklog } from './seeded-portal-backlog.ts';

const dayMs = 24 * 3_600_000;
const typeIds = { Story: storyType.id, Task: taskType.id, Bug: bugType.id, Epic: epicType.id };
const statusIds = { 'To Do': openStatusId, 'In Progress': '3', Done: doneStatusId };

/** Fills an empty practice Jira with a backlog that has some history. */
export function seedIssues({ issues, clock }: { issues: IssueStore; clock: Clock }): void {
  for (const seeded of [...portalBacklog, ...operationsBacklog]) {
    const createdAt = clock.now() - seeded.daysAgo * dayMs;
    const statusId = statusIds[seeded.status ?? 'To Do'];
    const resolvedAt = statusId === doneStatusId ? createdAt + 5 * dayMs : null;
    issues.create(toContent(seeded), seeded.reporter, { createdAt, statusId, resolvedAt });
  }
}

function toContent(seeded: SeededIssue): IssueContent {
  return {
    projectKey: seeded.project,
    typeId: typeIds[seeded.type],
    summary: seeded.summary,
    description: seeded.description,
    environment: null,
    labels: seeded.labels ?? [],
    componentIds: seeded.componentIds ?? [],
    priorityId: seeded.priorityId ?? '3',
    reporter: seeded.reporter,
    assignee: null,
    storyPoints: seeded.storyPoints ?? null,
    epicLink: seeded.epicLink ?? null,
    epicName: seeded.epicName ?? null,
    riskClassId: seeded.riskClassId ?? null,
    properties: {},
  };
}
