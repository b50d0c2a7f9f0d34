import type { Span } from '@opentelemetry/api';
import type { ChatModel, ModelAnswer, ModelCall } from '../../../agent/ports.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { withSpan } from '../../observability/tracing.ts';

interface Measuring {
  metrics: Pick<Metrics, 'firstTokenSeconds' | 'tokenDelaySeconds' | 'modelSeconds' | 'tokens'>;
  /** As config.json names the model. */
  modelName: string;
  requestId: string;
  /** Whether prompts and answers may go to the collector: people's words, so only where an operator says so. */
  traceContent: boolean;
}

/** A model whose calls are spans by OpenTelemetry's conventions for generative AI, and counted. */
export function measuredModel(
  model: ChatModel,
  { metrics, modelName, requestId, traceContent }: Measuring,
): ChatModel {
  return {
    complete(call) {
      const attributes = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'company',
        'gen_ai.request.model': modelName,
        'backlogue.call_type': call.type,
        'backlogue.request_id': requestId,
      };
      return withSpan(
        `chat ${modelName}`,
        attributes,
        async (span) => {
          if (traceContent) span.setAttribute('gen_ai.input.messages', promptText(call));
          const endCall = metrics.modelSeconds.startTimer({ type: call.type });
          try {
            const watched = watchTokens(call, span, metrics);
            const answer = await model.complete(watched.call);
            watched.end();
            tell(span, answer, traceContent);
            count(metrics, answer);
            endCall({ outcome: answer.cut ? 'cut' : 'ok' });
            return answer;
          } catch (error) {
            endCall({ outcome: call.signal.aborted ? 'stopped' : 'failed' });
            throw error;
          }
        },
        { kind: 'client' },
      );
    },
  };
}

/** A look at the clock a token, besides what the reader does with it: a histogram's own work would cost more than all else. */
function watchTokens(
  call: ModelCall,
  span: Span,
  { firstTokenSeconds, tokenDelaySeconds }: Measuring['metrics'],
): { call: ModelCall; end: () => void } {
  const { type } = call;
  const endWaiting = firstTokenSeconds.startTimer({ type });
  let firstAt = 0;
  let lastAt = 0;
  let longestMs = 0;
  let later = 0;
  const watched: ModelCall = {
    ...call,
    onDelta(delta) {
      const at = performance.now();
      if (lastAt === 0) {
        firstAt = at;
        endWaiting();
        span.addEvent('gen_ai.first_token');
      } else {
        later += 1;
        longestMs = Math.max(longestMs, at - lastAt);
      }
      lastAt = at;
      call.onDelta?.(delta);
    },
  };
  return {
    call: watched,
    end() {
      if (later === 0) return;
      tokenDelaySeconds.observe({ type, of: 'mean' }, (lastAt - firstAt) / later / 1_000);
      tokenDelaySeconds.observe({ type, of: 'longest' }, longestMs / 1_000);
    },
  };
}

function tell(span: Span, answer: ModelAnswer, traceContent: boolean): void {
  if (answer.inputTokens !== null) span.setAttribute('gen_ai.usage.input_tokens', answer.inputTokens);
  if (answer.outputTokens !== null) span.setAttribute('gen_ai.usage.output_tokens', answer.outputTokens);
  span.setAttribute('gen_ai.response.finish_reasons', [answer.cut ? 'length' : 'stop']);
  if (traceContent) {
    span.setAttribute('gen_ai.output.messages', JSON.stringify([textMessage('assistant', answer.text)]));
  }
}

function count({ tokens }: Measuring['metrics'], { inputTokens, outputTokens }: ModelAnswer): void {
  tokens.inc({ direction: 'input' }, inputTokens ?? 0);
  tokens.inc({ direction: 'output' }, outputTokens ?? 0);
}

function promptText({ system, messages }: ModelCall): string {
  return JSON.stringify([
    textMessage('system', system),
    ...messages.map(({ role, content }) => textMessage(role, content)),
  ]);
}

function textMessage(role: string, content: string) {
  return { role, parts: [{ type: 'text', content }] };
}
