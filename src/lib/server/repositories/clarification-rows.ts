import { and, eq, isNull } from 'drizzle-orm';
import type { ClarifyAnswer, ClarifyQuestion } from '../../contracts/clarification.ts';
import type { NewRunEvent } from '../../contracts/run-event.ts';
import { clarifications } from '../db/schema/index.ts';
import type { StoredInterrupt } from './conversation-rows.ts';
import type { Statements } from './transaction.ts';

interface Asked {
  conversationId: string;
  interruptId: string;
  questions: ClarifyQuestion[];
}

/** Keeps what the agent asked. The same question again (a run that was repeated) waits for its answer anew. */
export function storeQuestions(
  tx: Statements,
  { conversationId, interruptId, questions }: Asked,
  nextId: () => string,
): void {
  for (const { id: ref, question, why, suggestions } of questions) {
    const asked = { interruptId, question, why, suggestions: JSON.stringify(suggestions) };
    tx.insert(clarifications)
      .values({ id: nextId(), conversationId, ref, ...asked })
      .onConflictDoUpdate({
        target: [clarifications.conversationId, clarifications.ref],
        set: { ...asked, answer: null, answeredAt: null },
      })
      .run();
  }
}

/** Every question gets its answer; one that none was given for counts as skipped. Returns what was stored. */
export function storeAnswers(
  tx: Statements,
  { conversationId, interruptId, questions }: Asked,
  given: ClarifyAnswer[],
  at: number,
): ClarifyAnswer[] {
  const answers = questions.map(({ id: questionId }) => ({
    questionId,
    text: given.find((answer) => answer.questionId === questionId)?.text ?? null,
  }));
  for (const { questionId, text } of answers) {
    tx.update(clarifications)
      .set({ answer: text, answeredAt: at })
      .where(
        and(
          eq(clarifications.conversationId, conversationId),
          eq(clarifications.interruptId, interruptId),
          eq(clarifications.ref, questionId),
          isNull(clarifications.answeredAt),
        ),
      )
      .run();
  }
  return answers;
}

/**
 * Closes what waited because a message was sent (or the last run is taken up) instead. Its text is kept as the answer to
 * each question that waited. People see it under a question that waited alone; several are left without, for nobody
 * can tell which part is for which.
 */
export function closeInterrupt(
  tx: Statements,
  open: StoredInterrupt | null,
  { conversationId, text, at }: { conversationId: string; text: string | null; at: number },
): NewRunEvent[] {
  if (open === null) return [];
  const { interruptId } = open;
  if (open.kind === 'review') return [{ type: 'review_closed', body: { interruptId } }];
  const { questions } = open;
  if (text === null) return [{ type: 'clarify_answered', body: { interruptId, answers: [] } }];
  const given = questions.map(({ id: questionId }) => ({ questionId, text }));
  const answers = storeAnswers(tx, { conversationId, interruptId, questions }, given, at);
  return [
    { type: 'clarify_answered', body: { interruptId, answers: questions.length === 1 ? answers : [] } },
  ];
}
