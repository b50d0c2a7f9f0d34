import type { People, PracticePerson } from '../people.ts';
import {
  issueTypes,
  linkTypes,
  priorities,
  projects,
  riskClasses,
  statuses,
  type IssueType,
  type LinkType,
  type Named,
  type Project,
  type Status,
} from './catalogue.ts';

/** Turns what the practice Jira knows into the JSON that Jira answers, with links to this server. */
export interface Wire {
  readonly baseUrl: string;
  person(person: PracticePerson): Record<string, unknown>;
  /** The person with that employee id, or null for nobody. */
  personById(employeeId: string | null): Record<string, unknown> | null;
  project(project: Project): Record<string, unknown>;
  issueType(type: IssueType): Record<string, unknown>;
  priority(priority: Named): Record<string, unknown>;
  status(status: Status): Record<string, unknown>;
  linkType(type: LinkType): Record<string, unknown>;
  option(option: Named): Record<string, unknown>;
  component(component: Named): Record<string, unknown>;
}

export function createWire(baseUrl: string, people: People): Wire {
  const rest = `${baseUrl}/rest/api/2`;

  function person(someone: PracticePerson) {
    return {
      self: `${rest}/user?username=${someone.employeeId}`,
      name: someone.employeeId,
      key: someone.userKey,
      emailAddress: someone.email,
      avatarUrls: avatarUrls(`${baseUrl}/secure/useravatar`, `ownerId=${someone.userKey}`),
      displayName: someone.displayName,
      active: someone.account === 'active',
      deleted: someone.account === 'deleted',
      timeZone: 'Europe/Berlin',
      locale: 'en_GB',
    };
  }

  return {
    baseUrl,
    person,
    personById(employeeId) {
      const someone = employeeId === null ? undefined : people.byEmployeeId(employeeId);
      return someone ? person(someone) : null;
    },
    project: (project) => ({
      self: `${rest}/project/${project.id}`,
      id: project.id,
      key: project.key,
      name: project.name,
      projectTypeKey: 'software',
      avatarUrls: avatarUrls(`${baseUrl}/secure/projectavatar`, `avatarId=${project.avatarId}`),
    }),
    issueType: (type) => ({
      self: `${rest}/issuetype/${type.id}`,
      id: type.id,
      description: type.description,
      iconUrl: `${baseUrl}/secure/viewavatar?size=xsmall&avatarId=${type.avatarId}&avatarType=issuetype`,
      name: type.name,
      subtask: false,
      avatarId: type.avatarId,
    }),
    priority: (priority) => ({
      self: `${rest}/priority/${priority.id}`,
      iconUrl: `${baseUrl}/images/icons/priorities/${priority.name.toLowerCase()}.svg`,
      name: priority.name,
      id: priority.id,
    }),
    status: (status) => ({
      self: `${rest}/status/${status.id}`,
      description: '',
      iconUrl: `${baseUrl}/images/icons/statuses/generic.svg`,
      name: status.name,
      id: status.id,
      statusCategory: { self: `${rest}/statuscategory/${status.category.id}`, ...status.category },
    }),
    linkType: (type) => ({
      id: type.id,
      name: type.name,
      inward: type.inward,
      outward: type.outward,
      self: `${rest}/issueLinkType/${type.id}`,
    }),
    option: (option) => ({
      self: `${rest}/customFieldOption/${option.id}`,
      value: option.name,
      id: option.id,
      disabled: false,
    }),
    component: (component) => ({
      self: `${rest}/component/${component.id}`,
      id: component.id,
      name: component.name,
    }),
  };
}

/** Jira's time format, which has no colon in its offset. */
export function jiraTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}

/** @throws for an id that is not in the catalogue: ids are checked when they come in. */
export const catalogued = {
  project: (key: string) => known(projects, (project) => project.key === key),
  issueType: (id: string) => known(issueTypes, (type) => type.id === id),
  status: (id: string) => known(statuses, (status) => status.id === id),
  priority: (id: string) => known(priorities, (priority) => priority.id === id),
  riskClass: (id: string) => known(riskClasses, (option) => option.id === id),
  linkType: (id: string) => known(linkTypes, (type) => type.id === id),
};

function known<T>(members: readonly T[], isWanted: (member: T) => boolean): T {
  const member = members.find(isWanted);
  if (!member) throw new Error('The practice Jira stored something that its catalogue does not have.');
  return member;
}

function avatarUrls(path: string, owner: string): Record<string, string> {
  return {
    '48x48': `${path}?${owner}`,
    '24x24': `${path}?size=small&${owner}`,
    '16x16': `${path}?size=xsmall&${owner}`,
    '32x32': `${path}?size=medium&${owner}`,
  };
}
