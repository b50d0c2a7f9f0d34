import { beforeEach, describe, expect, it } from 'vitest';
import type { RunInput } from '../ports.ts';
import type { State } from '../state.ts';
import { takeInput } from '../state.ts';
import { memoryWorld, type MemoryWorld } from '../testing/memory-world.ts';
import { scriptedModel } from '../testing/scripted-model.ts';
import { storyContent } from '../testing/story-answers.ts';
import { clarify, takeAnswers } from './clarify.ts';
import { converse } from './converse.ts';
import { createIssues } from './create-issues.ts';
import { gather } from './gather.ts';
import { review } from './review.ts';
import { understand } from './understand.ts';
import { validate } from './validate.ts';

let world: MemoryWorld;
beforeEach(() => {
  world = memoryWorld();
});

type Message = Extract<RunInput, { kind: 'message' }>;
const says = (text: string, draftIds: string[] = []) => world.says(text, draftIds) as Message;

function stateAfter(input: RunInput, differs: Partial<State> = {}): State {
  const fresh: State = {
    inputKey: '',
    inputKind: 'message',
    inputId: '',
    intent: 'requirement',
    gathers: true,
    targetIds: [],
    requirementIds: [],
    clarified: false,
    draftIds: [],
    afterChecks: 'review',
    repairRounds: 0,
    splitRounds: 0,
    stuck: false,
    interruptId: '',
    questions: [],
    reviewIds: [],
    asked: 0,
    summary: '',
    summaryUpTo: '',
  };
  return { ...fresh, ...(takeInput(input) as Partial<State>), ...differs };
}

async function saveDraft(newDraftId: string) {
  const proposal = { newDraftId, parentId: null, position: 10_000, content: storyContent(), rules: [] };
  const [draft] = await world.drafts.save('conversation', 'run', [proposal]);
  if (!draft) throw new Error('The draft was not saved.');
  return draft;
}

describe('understand', () => {
  it('takes the first message as the requirement without asking the model', async () => {
    const input = says('Export invoices.');
    const model = scriptedModel({});
    expect(await understand(stateAfter(input), world.context(model), input)).toMatchObject({
      intent: 'requirement',
      requirementIds: [input.messageId],
    });
    expect(model.calls).toEqual([]);
  });

  it('adds to a requirement that was never drafted', async () => {
    const input = says('As CSV, please.');
    const state = stateAfter(input, { requirementIds: ['before'] });
    expect(await understand(state, world.context(scriptedModel({})), input)).toMatchObject({
      requirementIds: ['before', input.messageId],
    });
  });

  it('takes a message about named drafts as an instruction without asking the model', async () => {
    const draft = await saveDraft('earlier-1');
    const input = says('Shorter.', [draft.id]);
    expect(await understand(stateAfter(input), world.context(scriptedModel({})), input)).toEqual({
      intent: 'instruction',
      targetIds: [draft.id],
    });
  });

  it('names a conversation that begins with a question', async () => {
    const input = says('What do we have on exports?');
    const model = scriptedModel({ understand: () => ({ intent: 'question', title: ' Exports so far ' }) });
    expect(await understand(stateAfter(input), world.context(model), input)).toMatchObject({
      intent: 'question',
    });
    expect(world.titles).toEqual(['Exports so far']);
  });

  it('takes words that once answered a question for what they are now', async () => {
    const draft = await saveDraft('earlier-1');
    world.answers.push({ id: 'A1', question: 'Which?', why: '', suggestions: [], answer: 'PDF' });
    const input = says('PDF');
    const model = scriptedModel({ understand: () => ({ intent: 'instruction', drafts: [1] }) });
    expect(await understand(stateAfter(input), world.context(model), input)).toEqual({
      intent: 'instruction',
      targetIds: [draft.id],
    });
  });

  it('knows the drafts that the model names by their numbers', async () => {
    const draft = await saveDraft('earlier-1');
    const input = says('Shorten the first.');
    const model = scriptedModel({ understand: () => ({ intent: 'instruction', drafts: [1, 9] }) });
    expect(await understand(stateAfter(input), world.context(model), input)).toEqual({
      intent: 'instruction',
      targetIds: [draft.id],
    });
  });
});

describe('an approval in words', () => {
  it.each([
    [[1], 'press Approve on “Export invoices”.'],
    [[], 'press Approve on the stories that you want in Jira.'],
  ])('about the drafts %j names the button, and the story where one is meant', async (drafts, words) => {
    await saveDraft('earlier-1');
    const input = says('Looks good, create it.');
    const model = scriptedModel({ understand: () => ({ intent: 'approval', drafts }) });
    expect(await understand(stateAfter(input), world.context(model), input)).toMatchObject({
      intent: 'approval',
    });
    expect(world.said()).toEqual([expect.stringMatching(`^Nothing is created by a message.*${words}$`)]);
  });
});

describe('gather', () => {
  it('reads only where something is linked', async () => {
    for (const text of ['Export invoices.', 'As DEMO-12 says.', 'See https://wiki.example.com/x']) {
      const input = says(text);
      await gather(stateAfter(input), world.context(scriptedModel({})), input);
    }
    expect(world.gathered).toEqual(['As DEMO-12 says.', 'See https://wiki.example.com/x']);
  });

  it('goes on without what it could not read, and says so', async () => {
    world.faults.gather = new Error('Confluence is down at 10.0.0.7');
    const input = says('See https://wiki.example.com/x');
    await gather(stateAfter(input), world.context(scriptedModel({})), input);
    expect(world.said()).toEqual([expect.stringContaining('I could not read what you linked')]);
    expect(world.said()[0]).not.toContain('10.0.0.7');
  });

  it('puts older turns in short once they fill a quarter of the window', async () => {
    world.settings.contextTokens = 2_000;
    const older = says('An old message. '.repeat(150));
    for (const text of ['2', '3', '4']) says(text);
    const input = says('5');
    const model = scriptedModel({ summarise: () => 'In short.' });
    const update = await gather(stateAfter(input), world.context(model), input);
    expect(update).toEqual({ summary: 'In short.', summaryUpTo: older.messageId });
  });
});

describe('gather, when the model has no summary to give', () => {
  it('leaves the older turns as they are', async () => {
    world.settings.contextTokens = 2_000;
    for (const text of ['An old message. '.repeat(150), '2', '3', '4']) says(text);
    const input = says('5');
    const model = scriptedModel({ summarise: () => ' \n' });
    expect(
      await gather(stateAfter(input, { summary: 'So far.', summaryUpTo: 'x' }), world.context(model), input),
    ).toEqual({});
  });
});

describe('clarify', () => {
  const asks = (...questions: string[]) =>
    scriptedModel({
      clarify: () => ({
        questions: questions.map((question) => ({ question, why: 'It changes the story.' })),
      }),
    });

  it('offers each suggestion once, also where the model repeats itself', async () => {
    const input = says('Export invoices.');
    const model = scriptedModel({
      clarify: () => ({
        questions: [{ question: 'Who?', why: 'Rights.', suggestions: ['All', ' All ', 'Owners'] }],
      }),
    });
    expect(await clarify(stateAfter(input, { intent: 'requirement' }), world.context(model))).toMatchObject({
      questions: [{ suggestions: ['All', 'Owners'] }],
    });
  });

  it('asks no question that gives no reason, after the model was told so', async () => {
    const input = says('Export invoices.');
    const why = 'It changes the criteria.';
    const model = scriptedModel({
      clarify: [
        () => ({ questions: [{ question: 'Who?' }] }),
        () => ({
          questions: [
            { question: 'Who?', why: ' ' },
            { question: 'When?', why },
          ],
        }),
      ],
    });
    expect(await clarify(stateAfter(input, { intent: 'requirement' }), world.context(model))).toMatchObject({
      questions: [{ question: 'When?', why }],
    });
    expect(model.calls[1]?.messages.at(-1)?.content).toContain('Question 1 has no');
  });

  it('asks at most three, numbered on from what was asked before, and nothing twice', async () => {
    world.answers.push({ id: 'A1', question: 'Who may export?', why: '', suggestions: [], answer: null });
    const input = says('Export invoices.');
    const update = await clarify(
      stateAfter(input, { asked: 1 }),
      world.context(asks('who may export', 'One?', 'Two?', 'one?', 'Three?', 'Four?')),
    );
    expect(update).toMatchObject({
      asked: 4,
      questions: [
        { id: 'A2', question: 'One?' },
        { id: 'A3', question: 'Two?' },
        { id: 'A4', question: 'Three?' },
      ],
    });
  });

  it('adds a message that answers to the requirement, and not what the form holds', () => {
    const input = says('Everybody, and ten at once.');
    const question = { id: 'A1', question: 'Who?', why: '', suggestions: [] };
    const state = stateAfter(input, { questions: [question], requirementIds: ['first'] });
    expect(takeAnswers(state, input)).toMatchObject({
      clarified: true,
      requirementIds: ['first', input.messageId],
    });
    expect(takeAnswers(state, { kind: 'answers', interruptId: 'i', answers: [] })).toEqual({
      clarified: true,
    });
  });
});

describe('validate', () => {
  it('saves results anew only where they no longer fit the story', async () => {
    const draft = await saveDraft('earlier-1');
    const state = stateAfter(says('Go on.'), { draftIds: [draft.id] });
    await validate(state, world.context(scriptedModel({})));
    await validate(state, world.context(scriptedModel({})));
    expect(world.drafts.drafts).toMatchObject([{ version: 2, rules: { length: 7 } }]);
  });

  it('keeps what an administrator bypassed', async () => {
    const draft = await saveDraft('earlier-1');
    world.settings.rules = { ...world.settings.rules, minCriteria: 3 };
    const bypass = {
      ruleId: 'minimum_criteria',
      name: 'Acceptance criteria',
      outcome: 'bypassed' as const,
      mark: 'criteria 2',
    };
    await world.drafts.save('conversation', 'run', [
      { draftId: draft.id, parentId: null, position: 1, content: draft.content, rules: [bypass] },
    ]);
    await validate(stateAfter(says('Go on.'), { draftIds: [draft.id] }), world.context(scriptedModel({})));
    expect(world.drafts.drafts[0]?.rules).toContainEqual(bypass);
  });
});

describe('review', () => {
  it('opens for every story that can still be approved', async () => {
    const draft = await saveDraft('earlier-1');
    const gone = await saveDraft('earlier-2');
    world.drafts.setStatus(gone.id, 'created');
    const input = says('Show me.');
    expect(await review(stateAfter(input), world.context(scriptedModel({})))).toMatchObject({
      reviewIds: [draft.id],
    });
  });
});

describe('converse', () => {
  it('answers without the backlog when it cannot be searched, and changes nothing', async () => {
    await saveDraft('earlier-1');
    world.faults.search = new Error('Jira is down');
    const input = says('Is there something like it?');
    const model = scriptedModel({ converse: () => 'I do not know.' });
    await converse(stateAfter(input), world.context(model), input);
    expect(world.said()).toEqual(['I do not know.']);
    expect(world.drafts.drafts).toMatchObject([{ version: 1 }]);
  });
});

describe('create issues', () => {
  it('says what became of each approved story', async () => {
    const draft = await saveDraft('earlier-1');
    world.approved.set('yes', [draft.id]);
    const input = { kind: 'approval' as const, interruptId: 'i', approvalId: 'yes' };
    await createIssues(stateAfter(input), world.context(scriptedModel({})), input);
    expect(world.said()).toEqual([`Created [DEMO-100](http://jira/browse/${draft.id}).`]);
  });
});
