import type { Clock } from '../../shared/runtime.ts';
import { measureCommand } from '../../shared/telemetry/measure.ts';
import { withSpan } from '../../shared/telemetry/tracing.ts';
import type { Middleware } from './command-bus.ts';
import { commandKey } from './command-key.ts';

/** Records a span, a count and a duration for each command, regardless of its outcome. */
export const telemetry =
  (clock: Pick<Clock, 'monotonicMs'>): Middleware =>
  (next) =>
  (command, envelope) => {
    const { type } = command;
    const attributes = () => ({
      'cqrs.command': type,
      'cqrs.command_id': commandKey(envelope),
      'cqrs.correlation_id': envelope.correlationId,
    });
    return withSpan({ name: type, attributes }, () =>
      measureCommand(
        type,
        clock,
        () => next(command, envelope),
        ({ replayed }) => (replayed ? 'replayed' : 'accepted'),
      ),
    );
  };
