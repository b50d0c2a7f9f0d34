import type { Transcript } from '../../agent/ports.ts';
import type { ConversationSummary } from '../../contracts/socket-events.ts';
import type { StoryDraft } from '../../contracts/story.ts';
import type { DraftBookService } from './draft-book.ts';

export interface ExportDeps {
  transcript: Transcript;
  drafts: Pick<DraftBookService, 'list'>;
}

export interface ExportedConversation {
  fileName: string;
  contentType: string;
  body: string;
}

/** A conversation as a file to keep: what was said, asked and read, and the stories as they stand. */
export async function renderExport(
  { transcript, drafts }: ExportDeps,
  summary: ConversationSummary,
  format: 'markdown' | 'json',
): Promise<ExportedConversation> {
  const [messages, answers, sources, stories] = await Promise.all([
    transcript.messages(summary.id),
    transcript.answers(summary.id),
    transcript.sources(summary.id),
    drafts.list(summary.id),
  ]);
  const content = { conversation: summary, messages, answers, sources, stories };
  return format === 'json'
    ? {
        fileName: `${fileStem(summary.title)}.json`,
        contentType: 'application/json; charset=utf-8',
        body: `${JSON.stringify({ schemaVersion: 1, ...content }, null, 2)}\n`,
      }
    : {
        fileName: `${fileStem(summary.title)}.md`,
        contentType: 'text/markdown; charset=utf-8',
        body: toMarkdown(content),
      };
}

interface Content {
  conversation: ConversationSummary;
  messages: Awaited<ReturnType<Transcript['messages']>>;
  answers: Awaited<ReturnType<Transcript['answers']>>;
  sources: Awaited<ReturnType<Transcript['sources']>>;
  stories: StoryDraft[];
}

function toMarkdown({ conversation, messages, answers, sources, stories }: Content): string {
  const sections = [
    `# ${conversation.title}`,
    conversation.projectKey === null ? '' : `Project ${conversation.projectKey}`,
    stories.length === 0 ? '' : '## Stories',
    ...stories.map(storyToMarkdown),
    '## Conversation',
    ...messages.map(
      ({ role, text, number }) => `**${role === 'user' ? `You (M${number})` : 'Backlogue'}:** ${text}`,
    ),
    answers.length === 0 ? '' : '## Questions',
    ...answers.map(({ id, question, answer }) => `- ${id} ${question}\n  ${answer ?? '(skipped)'}`),
    sources.length === 0 ? '' : '## Sources',
    ...sources.map(({ ref, title, url, version }) =>
      [`- ${ref} ${title}`, version === null ? '' : `(version ${version})`, url ?? '']
        .filter(Boolean)
        .join(' '),
    ),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function storyToMarkdown({ content, issue, status }: StoryDraft): string {
  const { summary, description, acceptanceCriteria, stlcNotes, storyPoints, labels } = content;
  const parts = [
    `### ${summary}`,
    [
      issue === null ? `Status: ${status}` : `Issue: [${issue.key}](${issue.url})`,
      storyPoints === null ? '' : `Story points: ${storyPoints}`,
      labels.length === 0 ? '' : `Labels: ${labels.join(', ')}`,
    ]
      .filter(Boolean)
      .join(' | '),
    description,
    acceptanceCriteria.length === 0 ? '' : '#### Acceptance criteria',
    acceptanceCriteria.map(({ text, source }) => `- ${text} (${sourceInWords(source)})`).join('\n'),
    stlcNotes === '' ? '' : `#### STLC notes\n\n${stlcNotes}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function sourceInWords(source: StoryDraft['content']['acceptanceCriteria'][number]['source']): string {
  switch (source.kind) {
    case 'assumption':
      return 'assumption';
    case 'edit':
      return 'edited by hand';
    default:
      return source.ref;
  }
}

/** Safe on every file system and in a Content-Disposition header. */
function fileStem(title: string): string {
  const stem = title
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .toLowerCase();
  return stem === '' ? 'conversation' : stem;
}
