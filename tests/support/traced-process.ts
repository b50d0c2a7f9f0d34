import { context, propagation, trace } from '@opentelemetry/api';

/** Takes out what an earlier file registered in this process, where each part can be registered once only. */
export function forgetTracing(): void {
  trace.disable();
  context.disable();
  propagation.disable();
}
