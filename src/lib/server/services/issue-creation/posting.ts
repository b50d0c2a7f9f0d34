import { createHash } from 'node:crypto';
import type { ExtraFields, Posting, StoryContent } from '../../../contracts/story.ts';
import type { CreateScreen } from '../../adapters/jira/create-screen.ts';
import { fillAsLastTime, missingFields } from './missing-fields.ts';
import type { CreateArguments } from './issue-desk.ts';

export interface IssueType {
  id: string;
  name: string;
}

export interface PostingInput {
  content: StoryContent;
  projectKey: string;
  /** As the project has them. */
  issueTypes: readonly IssueType[];
  screen: CreateScreen | null;
  /** What the person gave for fields that no draft carries. */
  extraFields: ExtraFields;
  /** What they gave last time in this project, for this type. */
  rememberedFields: ExtraFields;
  markerLabel: string;
  /** Into what the create tool takes: wiki markup, or Markdown as it is. */
  toTrackerText: (markdown: string) => string;
}

const longestJiraSummary = 255;
/** Not a field of the create call: the type has an argument of its own. */
const issueTypeField = 'issuetype';

/** What will be posted for a story: the exact arguments, their hash, and what is missing or left out, in words. */
export function writePosting(input: PostingInput): Posting {
  const { content, projectKey, screen, markerLabel } = input;
  const notes: string[] = [];
  const { [issueTypeField]: _chosen, ...given } = input.extraFields;
  const fields: ExtraFields = { ...given };
  const issueType = chooseIssueType(content, input.extraFields, input.issueTypes);
  const storyPoints = placeStoryPoints(content, screen, projectKey, fields, notes);
  const epicKey = placeEpic(content, screen, projectKey, fields, notes);
  if (screen?.epicNameField && content.issueType.toLowerCase() === 'epic')
    fields[screen.epicNameField] = content.summary;
  const asLastTime = fillAsLastTime(screen, fields, input.rememberedFields);
  Object.assign(fields, asLastTime.fields);
  for (const { name } of asLastTime.filled) notes.push(`${name} is filled as last time.`);
  const missing = missingFields(screen, fields);

  if (issueType === null) {
    notes.push(`${projectKey} has no issue type “${content.issueType}”: choose one that it has.`);
    const options = input.issueTypes.map(({ id, name }) => ({ id, label: name }));
    missing.push({ fieldId: issueTypeField, name: 'Issue type', kind: 'select', options });
  }

  const labelsFit = screen?.hasLabels ?? true;
  if (!labelsFit && content.labels.length > 0)
    notes.push(`${projectKey} has no labels on its create screen: they are left out.`);
  const args: CreateArguments = {
    projectKey,
    issueType: issueType?.name ?? content.issueType,
    summary: shortened(oneLine(content.summary), longestJiraSummary),
    description: writeDescription(input, labelsFit, notes),
    labels: labelsFit ? [...new Set([...content.labels, markerLabel])] : [],
    fields,
  };
  return {
    projectKey,
    issueType: args.issueType,
    summary: args.summary,
    description: args.description,
    labels: args.labels,
    storyPoints,
    epicKey,
    extraFields: fields,
    markerLabel,
    hash: hashArguments(args),
    notes,
    missingFields: missing,
    rememberedFields: asLastTime.filled,
  };
}

/** The arguments that a posting stands for. Their hash is the posting's. */
export function argumentsOf({
  projectKey,
  issueType,
  summary,
  description,
  labels,
  extraFields,
}: Posting): CreateArguments {
  return { projectKey, issueType, summary, description, labels, fields: extraFields };
}

/** SHA-256 of the canonical JSON (keys sorted at every level), hex. */
export function hashArguments(args: CreateArguments): string {
  return createHash('sha256').update(canonicalJson(args)).digest('hex');
}

/** The draft's issue type as the project has it, or the one that the person chose instead; null when there is neither. */
export function chooseIssueType(
  content: StoryContent,
  extraFields: ExtraFields,
  issueTypes: readonly IssueType[],
): IssueType | null {
  const chosen = extraFields[issueTypeField];
  const chosenId = typeof chosen === 'object' && !Array.isArray(chosen) ? chosen.id : null;
  const wanted = content.issueType.toLowerCase();
  return (
    issueTypes.find(({ id }) => id === chosenId) ??
    issueTypes.find(({ name }) => name.toLowerCase() === wanted) ??
    null
  );
}

function placeStoryPoints(
  content: StoryContent,
  screen: CreateScreen | null,
  projectKey: string,
  fields: ExtraFields,
  notes: string[],
): number | null {
  if (content.storyPoints === null) return null;
  if (!screen?.storyPointsField) {
    if (screen)
      notes.push(
        `${projectKey} has no story points on its create screen: the ${content.storyPoints} stay here.`,
      );
    return null;
  }
  fields[screen.storyPointsField] = content.storyPoints;
  return content.storyPoints;
}

function placeEpic(
  content: StoryContent,
  screen: CreateScreen | null,
  projectKey: string,
  fields: ExtraFields,
  notes: string[],
): string | null {
  if (content.epicKey === null) return null;
  if (!screen?.epicLinkField) {
    if (screen)
      notes.push(`${projectKey} has no epic link on its create screen: ${content.epicKey} is left out.`);
    return null;
  }
  fields[screen.epicLinkField] = content.epicKey;
  return content.epicKey;
}

function writeDescription(
  { content, projectKey, screen, markerLabel, toTrackerText }: PostingInput,
  labelsFit: boolean,
  notes: string[],
): string {
  if (screen && !screen.hasDescription) {
    notes.push(`${projectKey} has no description on its create screen: the story’s text stays here.`);
    return '';
  }
  const text = toTrackerText(storyMarkdown(content));
  // Without labels the last line of the description is what finds the issue again after an unknown outcome.
  return labelsFit ? text : `${text}\n\n${markerLabel}`;
}

/** The whole story as one Markdown text, in the order in which a reader of the issue wants it. */
function storyMarkdown({ description, acceptanceCriteria, stlcNotes }: StoryContent): string {
  const criteria = acceptanceCriteria.map(({ text, source }) => {
    const assumed = source.kind === 'assumption' ? ' *(assumption)*' : '';
    return `- ${text.replaceAll('\n', '\n  ')}${assumed}`;
  });
  return [
    description.trim(),
    criteria.length > 0 ? `### Acceptance criteria\n\n${criteria.join('\n')}` : '',
    stlcNotes.trim() === '' ? '' : `### STLC notes\n\n${stlcNotes.trim()}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** At most `length` UTF-16 units, as Jira counts, and no half of a character. */
function shortened(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
}
