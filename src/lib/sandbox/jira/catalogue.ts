/** What an administrator would have set up in the practice Jira: projects, types, statuses, fields. */
export interface IssueType {
  readonly id: string;
  readonly name: 'Story' | 'Task' | 'Bug' | 'Epic';
  readonly description: string;
  readonly avatarId: number;
}

export const epicType: IssueType = {
  id: '10000',
  name: 'Epic',
  description: 'A body of work that holds several stories together.',
  avatarId: 10307,
};
export const storyType: IssueType = {
  id: '10001',
  name: 'Story',
  description: 'Something of value to a user, small enough for one iteration.',
  avatarId: 10315,
};
export const taskType: IssueType = {
  id: '10002',
  name: 'Task',
  description: 'A piece of work that has to be done.',
  avatarId: 10318,
};
export const bugType: IssueType = {
  id: '10004',
  name: 'Bug',
  description: 'Something that does not work as it should.',
  avatarId: 10303,
};

export const issueTypes: readonly IssueType[] = [taskType, storyType, bugType, epicType];

export interface Component {
  readonly id: string;
  readonly name: string;
}

export interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  /** Employee id. */
  readonly lead: string;
  readonly avatarId: number;
  readonly components: readonly Component[];
}

export const projects: readonly Project[] = [
  {
    id: '10000',
    key: 'DEMO',
    name: 'Customer Portal',
    description: 'What customers see and do by themselves: invoices, exports, sign-in, notifications.',
    lead: 'E10421',
    avatarId: 10324,
    components: [
      { id: '10000', name: 'Billing' },
      { id: '10001', name: 'Accounts' },
      { id: '10002', name: 'Notifications' },
    ],
  },
  {
    id: '10001',
    key: 'OPS',
    name: 'Operations',
    description: 'What keeps the portal running: refunds desk, audit, monitoring, deliveries.',
    lead: 'E10007',
    avatarId: 10325,
    components: [
      { id: '10010', name: 'Monitoring' },
      { id: '10011', name: 'Back office' },
    ],
  },
];

export interface Named {
  readonly id: string;
  readonly name: string;
}

export const priorities: readonly Named[] = [
  { id: '1', name: 'Highest' },
  { id: '2', name: 'High' },
  { id: '3', name: 'Medium' },
  { id: '4', name: 'Low' },
  { id: '5', name: 'Lowest' },
];
export const defaultPriorityId = '3';

export interface Status extends Named {
  readonly transitionId: string;
  readonly category: { id: number; key: string; colorName: string; name: string };
}

export const statuses: readonly Status[] = [
  {
    id: '10000',
    name: 'To Do',
    transitionId: '11',
    category: { id: 2, key: 'new', colorName: 'blue-gray', name: 'To Do' },
  },
  {
    id: '3',
    name: 'In Progress',
    transitionId: '21',
    category: { id: 4, key: 'indeterminate', colorName: 'yellow', name: 'In Progress' },
  },
  {
    id: '10001',
    name: 'Done',
    transitionId: '31',
    category: { id: 3, key: 'done', colorName: 'green', name: 'Done' },
  },
];
export const openStatusId = '10000';
export const doneStatusId = '10001';

export interface LinkType extends Named {
  readonly inward: string;
  readonly outward: string;
}

export const linkTypes: readonly LinkType[] = [
  { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
  { id: '10001', name: 'Cloners', inward: 'is cloned by', outward: 'clones' },
  { id: '10002', name: 'Duplicate', inward: 'is duplicated by', outward: 'duplicates' },
  { id: '10003', name: 'Relates', inward: 'relates to', outward: 'relates to' },
  { id: '10100', name: 'Issue split', inward: 'split from', outward: 'split to' },
];

/** The select of OPS that a Story cannot be created without. */
export const riskClasses: readonly Named[] = [
  { id: '10300', name: 'R1 - low' },
  { id: '10301', name: 'R2 - moderate' },
  { id: '10302', name: 'R3 - high' },
];
