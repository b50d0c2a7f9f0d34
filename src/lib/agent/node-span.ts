import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { SpanStatusCode, trace } from '@opentelemetry/api';

/** Does a node's work inside a span of its name; what it asks of the ports becomes a child. Words of errors stay out. */
export function inNodeSpan<T>(config: LangGraphRunnableConfig, work: () => Promise<T>): Promise<T> {
  const name = String(config.metadata?.langgraph_node ?? 'node');
  return trace.getTracer('backlogue').startActiveSpan(`node ${name}`, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
