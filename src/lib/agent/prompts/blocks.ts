import type { PromptBlock } from '../../contracts/prompt-format.ts';
import type { StoryContent } from '../../contracts/story.ts';
import { citationOf, numberParagraphs, numberSentences } from '../citations.ts';
import type { Conversation } from '../conversation.ts';
import type { Source, TranscriptMessage, WritingSettings } from '../ports.ts';

/** The blocks of a prompt, as `contracts/prompt-format.ts` names them. */

export function block(name: string, text: string, attributes: Record<string, string> = {}): PromptBlock {
  return { name, attributes, text };
}

export function requirementBlock(message: TranscriptMessage): PromptBlock {
  const lines = numberSentences(message).map(({ ref, text }) => `${ref} ${text}`);
  return block('requirement', lines.join('\n'), { id: `M${message.number}` });
}

/** An instruction with its sentences numbered, so that a criterion that it asks for can cite it. */
export function instructionBlock(message: TranscriptMessage | undefined, text: string): PromptBlock {
  if (message?.number == null) return block('instruction', text);
  const lines = numberSentences(message).map((sentence) => `${sentence.ref} ${sentence.text}`);
  return block('instruction', lines.join('\n'), { id: `M${message.number}` });
}

/** The named paragraphs of a source, all of them unless `shown` says which (by index). */
export function sourceBlock(source: Source, shown?: ReadonlySet<number>): PromptBlock {
  const lines = numberParagraphs(source);
  const kept = shown ? lines.filter((_, index) => shown.has(index)) : lines;
  const left = lines.length - kept.length;
  return block('source', kept.map(({ ref, text }) => `${ref} ${text}`).join('\n'), {
    id: source.ref,
    title: source.title,
    ...(left === 0 ? {} : { omitted: String(left) }),
  });
}

/** Questions and answers, one a line. A whole message that answers is named and not repeated. */
export function clarificationsBlocks({
  answers,
  messages,
}: Pick<Conversation, 'answers' | 'messages'>): PromptBlock[] {
  const lines = answers.map(({ id, question, answer }) => {
    const message = messages.find(({ text, number }) => number !== null && text === answer);
    const said = message ? `(answered in M${message.number})` : (answer ?? '(skipped)');
    return `${id} ${question} => ${said}`.replace(/\s+/g, ' ');
  });
  return lines.length === 0 ? [] : [block('clarifications', lines.join('\n'))];
}

/** Stories as the model sees them, numbered from 1 in the given order. */
export function draftsBlock(contents: StoryContent[]): PromptBlock {
  return block(
    'drafts',
    JSON.stringify(contents.map((content, index) => ({ number: index + 1, ...storyForModel(content) }))),
  );
}

export function targetBlock(numbers: number[]): PromptBlock {
  return block('target', JSON.stringify(numbers));
}

/** Language, format, the chosen prompt and the rules: how a story is to be written. */
export function writingBlocks({
  language,
  format,
  customPrompt,
  issueType,
  projectKey,
  rules,
}: WritingSettings): PromptBlock[] {
  const { repairAttempts: _, ...told } = rules;
  const sections = format.sections.length > 0 ? `\nSections: ${format.sections.join(', ')}` : '';
  return [
    block('language', language),
    block('format', `${format.name}\n${format.instructions}${sections}`, { kind: format.kind }),
    ...(customPrompt ? [block('prompt', customPrompt.text)] : []),
    block('rules', JSON.stringify({ ...told, issueType, projectKey })),
  ];
}

export function toolsBlocks({ toolHints }: WritingSettings): PromptBlock[] {
  return toolHints.length === 0 ? [] : [block('tools', toolHints.join('\n'))];
}

function storyForModel(content: StoryContent) {
  return {
    summary: content.summary,
    issueType: content.issueType,
    description: content.description,
    acceptanceCriteria: content.acceptanceCriteria.map((criterion, index) => ({
      number: index + 1,
      text: criterion.text,
      source: citationOf(criterion),
    })),
    stlcNotes: content.stlcNotes,
    storyPoints: content.storyPoints,
    labels: content.labels,
  };
}
