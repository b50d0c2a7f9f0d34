import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RunContext } from '../../src/lib/agent/ports.ts';
import { saveRewrites } from '../../src/lib/agent/save-drafts.ts';
import { rewrittenStory } from '../../src/lib/agent/story-content.ts';
import { memoryWorld } from '../../src/lib/agent/testing/memory-world.ts';
import { storyAnswer } from '../../src/lib/agent/testing/story-answers.ts';
import type { StoryContent, StoryDraft, StoryEdit } from '../../src/lib/contracts/story.ts';
import { completed, useConversations } from '../support/conversation-tests.ts';
import { storyContent } from '../support/conversations.ts';

/**
 * A person edits and chooses while the agent rewrites, through the commands and the draft book that the product has:
 * every part of a story, rewrites of versions that are no longer the newest, edits that come in while one is saved.
 */
const { ada, start, newConversation, say } = useConversations();

const parts = ['summary', 'storyPoints', 'description', 'stlcNotes', 'acceptanceCriteria', 'labels'] as const;
type Part = (typeof parts)[number];

/** One hand's change of one part: takes lines out at a place and puts one in. */
const change = fc.record({ part: fc.constantFrom(...parts), at: fc.nat(5), remove: fc.nat(2) });
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  fc.record({ kind: fc.constant('edit' as const), change }),
  fc.record({
    kind: fc.constant('rewrite' as const),
    changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    /** How many versions were saved since the model read the story. */
    behind: fc.nat(2),
    /** What the person edits between the agent's last look and its saving. */
    racing: fc.option(change, { nil: null }),
  }),
  fc.record({
    kind: fc.constant('choose' as const),
    choice: fc.constantFrom('mine' as const, 'theirs' as const),
  }),
);

it('In 200 interleavings no edited line is lost, and what was refused of a rewrite is offered', async () => {
  const { world, context, conversationId, end } = await openRun();
  let drafted = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
      const draftId = `story-${(drafted += 1)}`;
      const proposal = { newDraftId: draftId, parentId: null, position: 1, content: firstStory, rules: [] };
      await context.drafts.save(conversationId, context.runId, [proposal]);
      const seen = [firstStory];
      const edited = new Map<Part, Set<string>>(parts.map((part) => [part, new Set()]));
      const newest = async (): Promise<StoryDraft> => {
        const found = await world.drafts.find(conversationId, draftId);
        if (!found) throw new Error('The story is gone.');
        return found.draft;
      };
      const edit = async (one: Change, word: string) => {
        const { version, content } = await newest();
        const { lines, gone } = changed(linesOf(content, one.part), one, word);
        for (const line of gone) edited.get(one.part)?.delete(line);
        edited.get(one.part)?.add(lines[Math.min(one.at, lines.length - 1)] ?? '');
        await world.commands['draft:edit'](ada(), {
          conversationId,
          draftId,
          baseVersion: version,
          edit: editOf(content, one.part, lines),
        });
      };

      for (const [index, one] of steps.entries()) {
        const word = String(index + 10);
        if (one.kind === 'edit') await edit(one.change, word);
        if (one.kind === 'choose') {
          const { version, conflicts } = await newest();
          const [conflict] = conflicts;
          if (conflict) {
            const { id: conflictId, part, mine } = conflict;
            await world.commands['draft:choose'](ada(), {
              conversationId,
              draftId,
              version,
              conflictId,
              choice: one.choice,
            });
            if (one.choice === 'theirs') for (const line of mine) edited.get(part as Part)?.delete(line);
          }
        }
        if (one.kind === 'rewrite') {
          const base = seen.at(-1 - one.behind) ?? firstStory;
          const written = one.changes.reduce(
            (story, part, nth) => rewriteBy(story, part, `${word}${nth}`),
            base,
          );
          const racing = one.racing;
          await saveRewrites(racing ? interrupted(context, () => edit(racing, `${word}9`)) : context, [
            { draftId, content: written },
          ]);
          const { content, conflicts } = await newest();
          for (const part of parts) {
            const offered = conflicts.flatMap((conflict) => (conflict.part === part ? conflict.theirs : []));
            const wanted = linesOf(written, part).filter((line) => !linesOf(base, part).includes(line));
            expect([...linesOf(content, part), ...offered], `the rewritten ${part}`).toEqual(
              expect.arrayContaining(wanted),
            );
          }
        }
        const { content } = await newest();
        seen.push(content);
        for (const part of parts)
          expect(linesOf(content, part), `the edited ${part}`).toEqual(
            expect.arrayContaining([...(edited.get(part) ?? [])]),
          );
      }
      await world.commands['draft:discard'](ada(), {
        conversationId,
        draftId,
        version: (await newest()).version,
      });
    }),
    { numRuns: 200 },
  );
  end();
}, 60_000);

/** A run that stays open, so that its draft book can be worked with. */
async function openRun() {
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  let begun: (context: RunContext) => void = () => undefined;
  const context = new Promise<RunContext>((resolve) => (begun = resolve));
  const world = start(async (_input, given) => {
    begun(given);
    await over;
    return completed;
  });
  const conversationId = await newConversation(world);
  await say(world, conversationId);
  return { world, conversationId, context: { ...(await context), settings: memoryWorld().settings }, end };
}

/** The same run, but once, just before something is saved, something else happens. */
function interrupted(context: RunContext, happens: () => Promise<void>): RunContext {
  let isDue = true;
  return {
    ...context,
    drafts: {
      ...context.drafts,
      async save(...given) {
        if (isDue) {
          isDue = false;
          await happens();
        }
        return context.drafts.save(...given);
      },
    },
  };
}

const firstStory = storyContent({
  description: 'One.\nTwo.\nThree.\nFour.',
  stlcNotes: 'Try one.\nTry two.',
  acceptanceCriteria: ['PDF.', 'CSV.', 'XML.'].map((text, index) => ({
    id: `c${index}`,
    text,
    source: { kind: 'message', ref: 'M1.1', quote: text },
  })),
  labels: ['one', 'two'],
});

function linesOf(content: StoryContent, part: Part): string[] {
  if (part === 'acceptanceCriteria') return content.acceptanceCriteria.map(({ text }) => text);
  if (part === 'labels') return content.labels;
  return String(content[part] ?? '').split('\n');
}

/** `word` is a number in digits and different for each change, so that it can stand for points as well. */
function changed(
  lines: string[],
  { part, at, remove }: Change,
  word: string,
): { lines: string[]; gone: string[] } {
  const ofOne: Partial<Record<Part, string>> = { summary: word, storyPoints: String(Number(word) / 100) };
  const only = ofOne[part];
  const now = only === undefined ? lines.toSpliced(at, remove, word) : [only];
  return { lines: now, gone: lines.filter((line) => !now.includes(line)) };
}

function editOf(content: StoryContent, part: Part, lines: string[]): StoryEdit {
  if (part === 'labels') return { labels: lines };
  if (part === 'storyPoints') return { storyPoints: Number(lines[0]) };
  if (part !== 'acceptanceCriteria') return { [part]: lines.join('\n') };
  const known = content.acceptanceCriteria;
  return {
    acceptanceCriteria: lines.map((text) => ({ id: known.find((one) => one.text === text)?.id, text })),
  };
}

/** The story as a model answers it after it changed one part. */
function rewriteBy(content: StoryContent, one: Change, word: string): StoryContent {
  const edit = editOf(content, one.part, changed(linesOf(content, one.part), one, word).lines);
  const { acceptanceCriteria, summary, description, stlcNotes, storyPoints, labels } = {
    ...content,
    ...edit,
  };
  const answer = storyAnswer({
    summary,
    description,
    stlcNotes,
    storyPoints,
    labels,
    acceptanceCriteria: acceptanceCriteria.map(({ text }) => ({ text, source: 'assumed' })),
  });
  return rewrittenStory(answer, content, {
    settings: memoryWorld().settings,
    citables: new Map(),
    newId: () => `new-${word}`,
  });
}
