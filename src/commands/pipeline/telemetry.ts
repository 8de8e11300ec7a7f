import { SpanKind } from '@opentelemetry/api';
import { Problem } from '../../shared/http/problem.ts';
import { commandCount, commandDuration } from '../../shared/telemetry/metrics.ts';
import { withSpan } from '../../shared/telemetry/tracing.ts';
import type { Middleware } from './command-bus.ts';

/** A span, a count and a duration for each command, whatever becomes of it. */
export const telemetry: Middleware = (next) => (command, envelope) => {
  const { type } = command;
  const { commandId, traceparent } = envelope;
  const attributes = { 'cqrs.command': type, 'cqrs.command_id': commandId };
  const startedAt = performance.now();
  const measure = (outcome: string) => {
    commandCount.add(1, { command: type, outcome });
    commandDuration.record(performance.now() - startedAt, { command: type, outcome });
  };
  return withSpan({ name: type, kind: SpanKind.INTERNAL, traceparent, attributes }, async () => {
    try {
      const answer = await next(command, envelope);
      measure(answer.replayed ? 'replayed' : 'accepted');
      return answer;
    } catch (error) {
      measure(error instanceof Problem ? error.code : 'internal-error');
      throw error;
    }
  });
};
