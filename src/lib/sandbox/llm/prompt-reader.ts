import { z } from 'zod';
import { parseBlocks, type PromptBlock } from '../../contracts/prompt-format.ts';

/** A sentence or paragraph that a criterion can cite: `M1.2`, `S1.4`. */
export interface CitedLine {
  ref: string;
  text: string;
}

export interface AnsweredQuestion {
  ref: string;
  question: string;
  /** Null where the person skipped it. */
  answer: string | null;
}

const storySchema = z.object({
  number: z.coerce.number().int(),
  summary: z.string(),
  issueType: z.string().catch('Story'),
  description: z.string().catch(''),
  acceptanceCriteria: z
    .array(
      z.union([
        z.object({ text: z.string(), source: z.string().catch('assumed') }),
        z.string().transform((text) => ({ text, source: 'assumed' })),
      ]),
    )
    .catch([]),
  stlcNotes: z.string().catch(''),
  storyPoints: z.number().nullable().catch(null),
  labels: z.array(z.string()).catch([]),
});
export type PromptStory = z.infer<typeof storySchema>;

const rulesSchema = z.object({
  maxStoryPoints: z.number().catch(3),
  pointScale: z.array(z.number()).min(1).catch([0, 1, 2, 3, 5, 8, 13]),
  summaryMaxCharacters: z.number().catch(150),
  minCriteria: z.number().catch(2),
  bannedWords: z.array(z.string()).catch([]),
});
export type PromptRules = z.infer<typeof rulesSchema>;

/** What the practice writer makes of a prompt: everything that it knows stands in the prompt's blocks. */
export interface Prompt {
  requirement: CitedLine[];
  sources: { title: string; lines: CitedLine[] }[];
  /** Issues that exist already, one "KEY summary (status)" each. */
  issues: string[];
  answers: AnsweredQuestion[];
  stories: PromptStory[];
  /** Numbers of the stories that an instruction is about; empty means all. */
  targets: number[];
  instruction: string;
  /** Where the instruction can be cited: the message that it came with. */
  instructionRef: string;
  question: string;
  violations: { number: number | null; ruleId: string }[];
  rules: PromptRules;
  format: { kind: 'classic' | 'bdd' | 'custom'; sections: string[] };
}

/** Reads the blocks of all messages. A block that is missing or unreadable counts as empty. */
export function readPrompt(messages: readonly { content: string }[]): Prompt {
  const blocks = messages.flatMap(({ content }) => parseBlocks(content));
  const texts = (name: string) => blocks.filter((block) => block.name === name);
  const first = (name: string) => texts(name)[0];
  const violations = z
    .array(z.object({ number: z.number().nullable().catch(null), ruleId: z.string() }))
    .catch([])
    .parse(json(first('violations')?.text));

  return {
    requirement: texts('requirement').flatMap((block) => citedLines(block, 'M1')),
    sources: [...texts('source'), ...texts('page')].map((block) => ({
      title: block.attributes['title'] ?? 'a source',
      lines: citedLines(block, block.attributes['id'] ?? 'S1'),
    })),
    issues: [
      ...new Set(texts('issues').flatMap((block) => block.text.split('\n').filter((line) => line !== ''))),
    ],
    answers: texts('clarifications').flatMap((block) => block.text.split('\n').flatMap(readAnswer)),
    stories: texts('drafts').flatMap((block) => z.array(storySchema).catch([]).parse(json(block.text))),
    targets: z
      .array(z.coerce.number())
      .catch([])
      .parse(json(first('target')?.text)),
    instruction: withoutRefs(first('instruction')?.text ?? ''),
    instructionRef: instructionRef(first('instruction')),
    question: first('question')?.text ?? '',
    violations,
    rules: rulesSchema.parse(json(first('rules')?.text) ?? {}),
    format: readFormat(first('format')),
  };
}

const numbered = /^((?:M|S)\d+\.\d+)\s+(.*)$/;

function citedLines(block: PromptBlock, fallbackId: string): CitedLine[] {
  const id = block.attributes['id'] ?? fallbackId;
  return block.text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line, index) => {
      const match = numbered.exec(line);
      return match
        ? { ref: match[1] ?? '', text: match[2] ?? '' }
        : { ref: `${id}.${index + 1}`, text: line };
    });
}

function readAnswer(line: string): AnsweredQuestion[] {
  const match = /^(A\d+)\s+(.*?)\s*=>\s*(.*)$/.exec(line.trim());
  if (!match) return [];
  const [, ref = '', question = '', answer = ''] = match;
  return [{ ref, question, answer: answer === '(skipped)' || answer === '' ? null : answer }];
}

function withoutRefs(text: string): string {
  return text
    .split('\n')
    .map((line) => numbered.exec(line.trim())?.[2] ?? line.trim())
    .join(' ')
    .trim();
}

function instructionRef(block: PromptBlock | undefined): string {
  const firstLine = block?.text.split('\n')[0]?.trim() ?? '';
  const id = block?.attributes['id'];
  return numbered.exec(firstLine)?.[1] ?? (id ? `${id}.1` : 'assumed');
}

function readFormat(block: PromptBlock | undefined): Prompt['format'] {
  const text = block?.text ?? '';
  const sections = (block?.attributes['sections'] ?? /sections?:\s*(.+)/i.exec(text)?.[1] ?? '')
    .split(/[,|]/)
    .map((section) => section.trim())
    .filter((section) => section !== '');
  const kind = block?.attributes['kind'];
  if (kind === 'classic' || kind === 'bdd' || kind === 'custom') return { kind, sections };
  if (sections.length > 0) return { kind: 'custom', sections };
  return { kind: /\bgiven\b[\s\S]*\bwhen\b[\s\S]*\bthen\b/i.test(text) ? 'bdd' : 'classic', sections };
}

function json(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
