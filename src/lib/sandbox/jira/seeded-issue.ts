/** One issue of the practice backlog. Keys follow from the order within a project: the first is `DEMO-1`. */
export interface SeededIssue {
  readonly project: 'DEMO' | 'OPS';
  readonly type: 'Story' | 'Task' | 'Bug' | 'Epic';
  readonly summary: string;
  /** Wiki markup. */
  readonly description: string;
  readonly daysAgo: number;
  /** Employee id. */
  readonly reporter: string;
  readonly status?: 'To Do' | 'In Progress' | 'Done';
  readonly priorityId?: string;
  readonly labels?: readonly string[];
  readonly componentIds?: readonly string[];
  readonly storyPoints?: number;
  readonly epicLink?: string;
  readonly epicName?: string;
  readonly riskClassId?: string;
}
