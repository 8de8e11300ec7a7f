import { useEffect, useRef, useState } from 'react';
import { CORRELATION_ID, type Failure, toFailure } from '../api/commands.ts';
import { useTell } from '../parts/toasts.tsx';
import { useConsole } from '../session/session-context.tsx';
import { type ActionFields, type OrderAction, sendAction } from './actions.ts';
import { isFull } from './order.ts';
import { ANSWERED, type TraceStep, traceCommand } from './trace-command.ts';
import type { useOrder } from './use-order.ts';

/** The last command of this page and what followed from it. */
export interface LastCommand {
  readonly version: number;
  readonly sentAt: number;
  readonly correlationId: string;
  readonly steps: readonly TraceStep[];
}

/** Sends commands on an order: shows their result at once, and takes it back when the API refuses. */
export function useActions(orderId: string, { order, setExpected, reload }: ReturnType<typeof useOrder>) {
  const { orders, session } = useConsole();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [last, setLast] = useState<LastCommand>();
  const tracing = useRef<AbortController>(undefined);
  useEffect(() => () => tracing.current?.abort(), []);
  const onStep = (step: TraceStep) => setLast((before) => before && { ...before, steps: [...before.steps, step] });
  const run = async (action: OrderAction, fields: ActionFields): Promise<boolean> => {
    const correlationId = crypto.randomUUID();
    const sentAt = performance.now();
    setBusy(true);
    setFailure(undefined);
    setExpected({ status: action.to });
    try {
      const { data, response } = await sendAction(orders, action.name, { orderId, fields, correlationId });
      const { version, orderStatus: status, total } = data;
      setExpected({ status, version, total });
      const answeredMs = performance.now() - sentAt;
      tracing.current?.abort(); // the steps of the command before
      const abort = new AbortController();
      tracing.current = abort;
      setLast({ version, sentAt, correlationId, steps: [{ name: ANSWERED, ms: answeredMs }] });
      tell({
        title: `${action.label}: done`,
        detail: `The order is ${status}, version ${version}.`,
        correlationId: response.headers.get(CORRELATION_ID) ?? correlationId,
      });
      reload();
      const customerId = order !== undefined && isFull(order) ? order.customerId : undefined;
      const traced = { orderId, customerId, version, status, sentAt, answeredMs };
      void traceCommand(orders, session.caller, traced, { onStep, signal: abort.signal });
      return true;
    } catch (error) {
      setExpected(undefined);
      setFailure(toFailure(error, correlationId));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, failure, last, clearFailure: () => setFailure(undefined) };
}
