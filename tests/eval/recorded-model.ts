import type { ChatModel, ModelAnswer, ModelCall } from '../../src/lib/agent/ports.ts';
import type { CallType } from '../../src/lib/contracts/model-answer.ts';

export interface RecordedCall {
  type: CallType;
  /** Asked again, because the answer before could not be used. */
  isRepair: boolean;
  firstTokenMs: number | null;
  totalMs: number;
  inputTokens: number | null;
  outputTokens: number | null;
}

/** The same model, with a record of what was asked of it. */
export function recordedModel(model: ChatModel): { model: ChatModel; calls: RecordedCall[] } {
  const calls: RecordedCall[] = [];
  return {
    calls,
    model: {
      async complete(call: ModelCall): Promise<ModelAnswer> {
        const startedAt = performance.now();
        const since = () => Math.round(performance.now() - startedAt);
        let firstTokenMs: number | null = null;
        const answer = await model.complete({
          ...call,
          onDelta(delta) {
            firstTokenMs ??= since();
            call.onDelta?.(delta);
          },
        });
        const { inputTokens, outputTokens } = answer;
        const isRepair = call.tools === undefined && call.messages.length > 1;
        calls.push({ type: call.type, isRepair, firstTokenMs, totalMs: since(), inputTokens, outputTokens });
        return answer;
      },
    },
  };
}
