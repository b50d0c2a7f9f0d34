import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatModel, RunContext, RunInput, RunOutcome } from '../ports.ts';
import { createStoryAgent, type StoryAgent } from '../story-agent.ts';
import { memoryWorld, type MemoryWorld } from './memory-world.ts';
import { storyAnswer } from './story-answers.ts';

export const REQUIREMENT = 'Customers should export invoices as PDF or CSV.';

/** Answers of a model that has nothing to ask, asks two things, drafts one good story. */
export const noQuestions = () => ({ title: 'Invoice export', message: '', questions: [] });
export const twoQuestions = () => ({
  title: 'Invoice export',
  message: 'Two things first.',
  questions: [
    { question: 'Who may export?', why: 'Rights', suggestions: ['Everybody'] },
    { question: 'How many at once?', why: 'Size', suggestions: [] },
  ],
});
export const oneStory = () => ({ message: 'Here is the story.', stories: [storyAnswer()] });

/** A real agent on a checkpoint file of its own, and one conversation's world around it. */
export interface AgentHarness {
  world: MemoryWorld;
  checkpointFile: string;
  run(input: RunInput, context: RunContext): Promise<RunOutcome>;
  context(model: ChatModel, signal?: AbortSignal): RunContext;
  /** The process ends and another one opens the same file. */
  restart(): void;
  forget(conversationId: string): Promise<void>;
  close(): void;
  /** Answers A1, A2 ...: stored as the server stores them, and the input that resumes. Null skips. */
  answers(interruptId: string, texts: (string | null)[]): RunInput;
  /** A message that answers what waits: stored as the server stores it, and the input that resumes. */
  inWords(outcome: RunOutcome, text: string): RunInput;
  approval(interruptId: string, draftIds: string[]): RunInput;
  openDrafts(): string[];
  dispose(): void;
}

export function agentHarness(): AgentHarness {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  const checkpointFile = join(folder, 'checkpoints.db');
  const world = memoryWorld();
  let agent: StoryAgent = createStoryAgent({ checkpointFile });
  return {
    world,
    checkpointFile,
    run: (input, context) => agent.run(input, context),
    context: world.context,
    restart() {
      agent.close();
      agent = createStoryAgent({ checkpointFile });
    },
    forget: (conversationId) => agent.forget(conversationId),
    close: () => agent.close(),
    answers(interruptId, texts) {
      const questions = twoQuestions().questions;
      texts.forEach((answer, index) => {
        const { question = '' } = questions[index] ?? {};
        world.answers.push({ id: `A${index + 1}`, question, why: '', suggestions: [], answer });
      });
      return {
        kind: 'answers',
        interruptId,
        answers: texts.map((text, index) => ({ questionId: `A${index + 1}`, text })),
      };
    },
    inWords(outcome, text) {
      if (outcome.end !== 'waiting' || outcome.interrupt.kind !== 'clarify')
        throw new Error('No question waits.');
      world.answers.push(...outcome.interrupt.questions.map((question) => ({ ...question, answer: text })));
      return world.says(text);
    },
    approval(interruptId, draftIds) {
      const approvalId = `approval-${world.approved.size + 1}`;
      world.approved.set(approvalId, draftIds);
      return { kind: 'approval', interruptId, approvalId };
    },
    openDrafts: () => world.drafts.drafts.filter(({ status }) => status === 'proposed').map(({ id }) => id),
    dispose() {
      agent.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The open interrupt that a run came to rest at. */
export function interruptOf(outcome: RunOutcome, kind: 'clarify' | 'review'): string {
  if (outcome.end === 'waiting' && outcome.interrupt.kind === kind) return outcome.interrupt.interruptId;
  throw new Error(`It does not wait for ${kind}.`);
}
