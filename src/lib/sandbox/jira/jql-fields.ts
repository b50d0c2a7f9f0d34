import type { Comparison, Operator } from '../boolean-query.ts';
import type { People, PracticePerson } from '../people.ts';
import { matchesText } from '../text-match.ts';
import { issueTypes, priorities, projects, riskClasses, statuses, type Named } from './catalogue.ts';
import type { Issue, IssueStore } from './issue-store.ts';
import { readTime } from './jql-times.ts';
import { catalogued } from './wire.ts';

export interface JqlContext {
  readonly issues: IssueStore;
  readonly people: People;
  readonly person: PracticePerson;
  readonly now: number;
  /** Whether the person may browse the issue. */
  readonly canSee: (issue: Issue) => boolean;
  /** What is wrong with the query, filled while it is compiled. */
  readonly messages: string[];
}

export interface JqlField {
  readonly names: readonly string[];
  readonly operators: readonly Operator[];
  isEmpty(issue: Issue): boolean;
  /** A test for issues that have a value. Complaints go into the context's messages. */
  compile(comparison: Comparison, context: JqlContext): (issue: Issue) => boolean;
  sortBy?(issue: Issue): string | number;
}

/** The field that JQL knows by this name, in any case, or undefined. */
export function findJqlField(name: string): JqlField | undefined {
  const wanted = name.toLowerCase();
  return jqlFields.find((field) => field.names.some((known) => known.toLowerCase() === wanted));
}

const emptiness: Operator[] = ['is', 'is not'];
const equality: Operator[] = ['=', '!=', 'in', 'not in', ...emptiness];
const ordering: Operator[] = ['<', '<=', '>', '>='];

const jqlFields: readonly JqlField[] = [
  choiceField(['project'], (issue) => [issue.projectKey], {
    resolve: (text, { person }) => {
      const project = projects.find((known) =>
        [known.key, known.name, known.id].some((name) => name.toLowerCase() === text.toLowerCase()),
      );
      return project && person.browsableProjects.includes(project.key) ? project.key : undefined;
    },
    sortBy: (issue) => issue.projectKey,
  }),
  choiceField(['key', 'issuekey', 'issue', 'id'], (issue) => [issue.key], {
    resolve: (text, { issues, canSee }) => {
      const issue = issues.find(text);
      return issue && canSee(issue) ? issue.key : undefined;
    },
    complain: (text, field) => `An issue with key '${text}' does not exist for field '${field}'.`,
    sortBy: (issue) => issue.id,
  }),
  choiceField(['issuetype', 'type'], (issue) => [issue.typeId], {
    resolve: (text) => idOf(issueTypes, text),
    sortBy: (issue) => catalogued.issueType(issue.typeId).name,
  }),
  choiceField(['status'], (issue) => [issue.statusId], {
    resolve: (text) => idOf(statuses, text),
    sortBy: (issue) => statuses.findIndex((status) => status.id === issue.statusId),
  }),
  choiceField(['statusCategory'], (issue) => [String(catalogued.status(issue.statusId).category.id)], {
    resolve: (text) =>
      idOf(
        statuses.map(({ category }) => ({ id: String(category.id), name: category.name })),
        text,
      ),
  }),
  choiceField(['resolution'], (issue) => (issue.resolvedAt === null ? [] : ['done']), {
    resolve: (text) => (/^done$/i.test(text) ? 'done' : /^unresolved$/i.test(text) ? '' : undefined),
  }),
  choiceField(['priority'], (issue) => [issue.priorityId], {
    resolve: (text) => idOf(priorities, text),
    // Jira sorts the highest priority last, so that DESC shows it first.
    sortBy: (issue) => -Number(issue.priorityId),
  }),
  choiceField(['component'], (issue) => issue.componentIds, {
    resolve: (text) =>
      idOf(
        projects.flatMap((project) => project.components),
        text,
      ),
  }),
  choiceField(['labels'], (issue) => issue.labels.map((label) => label.toLowerCase()), {
    resolve: (text) => text.toLowerCase(),
    sortBy: (issue) => issue.labels.join(' '),
  }),
  choiceField(['Epic Link', 'cf[10102]'], (issue) => (issue.epicLink ? [issue.epicLink] : []), {
    resolve: (text, { issues, canSee }) => {
      const epic = issues.find(text);
      return epic && canSee(epic) ? epic.key : undefined;
    },
  }),
  choiceField(['Risk class', 'cf[10201]'], (issue) => (issue.riskClassId ? [issue.riskClassId] : []), {
    resolve: (text) => idOf(riskClasses, text),
  }),
  personField('reporter', (issue) => issue.reporter),
  personField('assignee', (issue) => issue.assignee),
  personField('creator', (issue) => issue.creator),
  textField('summary', (issue) => issue.summary, true),
  textField('description', (issue) => issue.description, true),
  textField('environment', (issue) => issue.environment, true),
  textField('Epic Name', (issue) => issue.epicName, true),
  textField('text', (issue) => [issue.summary, issue.description, issue.environment].join('\n'), false),
  timeField(['created', 'createdDate'], (issue) => issue.createdAt),
  timeField(['updated', 'updatedDate'], (issue) => issue.updatedAt),
  timeField(['resolved', 'resolutiondate'], (issue) => issue.resolvedAt),
  numberField(['Story Points', 'cf[10106]'], (issue) => issue.storyPoints),
];

interface ChoiceOptions {
  /** The stored value that a name in the query stands for, or undefined where there is none. */
  resolve(text: string, context: JqlContext): string | undefined;
  complain?(text: string, field: string): string;
  sortBy?(issue: Issue): string | number;
}

function choiceField(
  names: readonly string[],
  valuesOf: (issue: Issue) => readonly string[],
  options: ChoiceOptions,
): JqlField {
  const complain =
    options.complain ?? ((text, field) => `The value '${text}' does not exist for the field '${field}'.`);
  return {
    names,
    operators: equality,
    isEmpty: (issue) => valuesOf(issue).length === 0,
    compile(comparison, context) {
      const wanted = new Set<string>();
      for (const text of textsOf(comparison, context)) {
        const resolved = options.resolve(text, context);
        if (resolved === undefined) context.messages.push(complain(text, comparison.field));
        else wanted.add(resolved);
      }
      const negative = comparison.operator === '!=' || comparison.operator === 'not in';
      return (issue) => valuesOf(issue).some((value) => wanted.has(value)) !== negative;
    },
    ...(options.sortBy ? { sortBy: options.sortBy } : {}),
  };
}

function personField(name: string, personOf: (issue: Issue) => string | null): JqlField {
  return choiceField([name], (issue) => [personOf(issue) ?? []].flat(), {
    resolve: (text, { people }) => people.byEmployeeId(text)?.employeeId,
    sortBy: (issue) => personOf(issue) ?? '',
  });
}

function textField(name: string, textOf: (issue: Issue) => string | null, isSingle: boolean): JqlField {
  return {
    names: [name],
    // `text` stands for several fields together, which cannot be empty together.
    operators: isSingle ? ['~', '!~', ...emptiness] : ['~'],
    isEmpty: (issue) => !textOf(issue),
    compile(comparison, context) {
      const [query = ''] = textsOf(comparison, context);
      if (query.trim() === '') {
        context.messages.push(
          `The field '${comparison.field}' does not support searching for an empty string.`,
        );
      }
      return (issue) => matchesText(textOf(issue) ?? '', query) === (comparison.operator === '~');
    },
    ...(isSingle ? { sortBy: (issue: Issue) => textOf(issue) ?? '' } : {}),
  };
}

function timeField(names: readonly string[], timeOf: (issue: Issue) => number | null): JqlField {
  return {
    names,
    operators: ['=', '!=', ...ordering, ...emptiness],
    isEmpty: (issue) => timeOf(issue) === null,
    compile({ field, operator, operand }, { now, messages }) {
      const time = readTime(operand, now);
      if (!time.ok) messages.push(time.complain(field));
      const at = time.ok ? time.at : 0;
      return (issue) => holds(operator, timeOf(issue) ?? 0, at);
    },
    sortBy: (issue) => timeOf(issue) ?? 0,
  };
}

function numberField(names: readonly string[], numberOf: (issue: Issue) => number | null): JqlField {
  return {
    names,
    operators: ['=', '!=', ...ordering, ...emptiness],
    isEmpty: (issue) => numberOf(issue) === null,
    compile(comparison, context) {
      const [text = ''] = textsOf(comparison, context);
      const wanted = text.trim() === '' ? Number.NaN : Number(text);
      if (Number.isNaN(wanted)) {
        context.messages.push(`'${text}' is an invalid number for the field '${comparison.field}'.`);
      }
      return (issue) => holds(comparison.operator, numberOf(issue) ?? 0, wanted);
    },
    sortBy: (issue) => numberOf(issue) ?? 0,
  };
}

function holds(operator: Operator, left: number, right: number): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

/** The texts that a comparison asks for. The only function that stands for a text is `currentUser()`. */
function textsOf({ operand }: Comparison, { person, messages }: JqlContext): string[] {
  if (operand.kind === 'empty') return [];
  const members = operand.kind === 'list' ? operand.members : [operand];
  return members.flatMap((member) => {
    if (member.kind === 'value') return [member.text];
    if (member.name.toLowerCase() === 'currentuser') return [person.employeeId];
    messages.push(`Unable to find JQL function '${member.name}()'.`);
    return [];
  });
}

function idOf(members: readonly Named[], text: string): string | undefined {
  return members.find(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase())?.id;
}
