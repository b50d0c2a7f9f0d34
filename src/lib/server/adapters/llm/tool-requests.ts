import { z } from 'zod';
import type { ToolRequest } from '../../../agent/ports.ts';
import type { ToolForm } from '../../../contracts/config/config-file.ts';
import { jsonReader } from './json-path.ts';

/** Puts together what a model asks tools for, frame by frame. */
export interface ToolRequestReader {
  take(frame: unknown): void;
  /** What was asked for so far, in order. Whole only once the answer has ended. */
  requests(): ToolRequest[];
}

/** No answer needs more; what is beyond is dropped, so that a model that cannot stop fills no memory. */
const MOST_REQUESTS = 16;
const LONGEST_INPUT_CHARACTERS = 65_536;

export function createToolRequestReader(form: ToolForm): ToolRequestReader {
  const drafts: (ToolRequest & { index: number })[] = [];
  const take = { openai: openAi, ollama, anthropic }[form.form];
  const partsAt = 'path' in form ? jsonReader(form.path) : (frame: unknown) => frame;

  return {
    take: (frame) => take(partsAt(frame)),
    requests: () =>
      drafts
        .filter(({ name }) => name !== '')
        .map(({ id, name, input }, at) => ({ id: id || `call-${at + 1}`, name, input: input || '{}' })),
  };

  /** Parts of calls: the first names the call, the others continue its input. */
  function openAi(parts: unknown): void {
    for (const { index, id, function: called } of readAll(openAiPart, parts)) {
      const known = drafts.findLast((draft) => index === undefined || draft.index === index);
      // Some gateways give every call the same index: another id is another call.
      const continues =
        known && (id === '' || known.id === id) && (index !== undefined || called.name === '');
      const draft = continues ? known : open(index ?? drafts.length, id, called.name);
      if (draft) add(draft, called.arguments);
    }
  }

  /** Whole calls, without ids. */
  function ollama(calls: unknown): void {
    for (const { function: called } of readAll(ollamaCall, calls)) {
      const draft = open(drafts.length, '', called.name);
      if (draft) add(draft, JSON.stringify(called.arguments));
    }
  }

  /** Streamed blocks, or the whole content of an answer in one piece. */
  function anthropic(frame: unknown): void {
    const event = anthropicEvent.safeParse(frame).data;
    if (event?.type === 'content_block_start')
      open(event.index, event.content_block.id, event.content_block.name);
    if (event?.type === 'content_block_delta') {
      const draft = drafts.findLast(({ index }) => index === event.index);
      if (draft) add(draft, event.delta.partial_json);
    }
    if (event?.type !== 'message') return;
    for (const { id, name, input } of readAll(anthropicBlock, event.content)) {
      const draft = open(drafts.length, id, name);
      if (draft) add(draft, JSON.stringify(input));
    }
  }

  function open(index: number, id: string, name: string): (typeof drafts)[number] | undefined {
    if (drafts.length >= MOST_REQUESTS) return undefined;
    const draft = { index, id, name, input: '' };
    drafts.push(draft);
    return draft;
  }

  function add(draft: ToolRequest, piece: string): void {
    if (draft.input.length + piece.length <= LONGEST_INPUT_CHARACTERS) draft.input += piece;
  }
}

const openAiPart = z.object({
  index: z.number().optional(),
  id: z
    .string()
    .nullish()
    .transform((id) => id ?? ''),
  function: z.object({
    name: z
      .string()
      .nullish()
      .transform((name) => name ?? ''),
    arguments: z
      .string()
      .nullish()
      .transform((text) => text ?? ''),
  }),
});

const ollamaCall = z.object({
  function: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()).catch({}) }),
});

const anthropicBlock = z.object({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
});

const anthropicEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('content_block_start'), index: z.number(), content_block: anthropicBlock }),
  z.object({
    type: z.literal('content_block_delta'),
    index: z.number(),
    delta: z.object({ type: z.literal('input_json_delta'), partial_json: z.string() }),
  }),
  z.object({ type: z.literal('message'), content: z.array(z.unknown()) }),
]);

function readAll<T>(schema: z.ZodType<T>, entries: unknown): T[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry) => schema.safeParse(entry).data ?? []);
}
