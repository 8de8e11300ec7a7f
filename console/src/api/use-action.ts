import { useState } from 'react';
import { CORRELATION_ID, type Failure, toFailure } from './commands.ts';

/** What the API did, in words. */
export interface Outcome {
  readonly title: string;
  readonly detail?: string;
  /** It did not do what was wanted, although it answered. */
  readonly failed?: boolean;
}

/** How an action ended. */
export type ActionEnd = (Outcome & { readonly correlationId: string }) | { readonly failure: Failure };

/** Sends the request with the headers that it is given. Rejects as the client does. */
export type Send<Data> = (headers: {
  readonly [CORRELATION_ID]: string;
}) => Promise<{ readonly data: Data; readonly response: Response }>;

export interface Action {
  /** Sends a request with a correlation id of its own. Resolves to whether it was answered without a problem, and never rejects. */
  readonly run: <Data>(send: Send<Data>, toOutcome: (data: Data) => Outcome) => Promise<boolean>;
  readonly busy: boolean;
  /** How the last action ended; undefined before, and while one runs. */
  readonly end: ActionEnd | undefined;
  readonly clear: () => void;
}

/** An action of a page: one request at a time, which ends in a success or a problem. `ActionResult` shows it. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [end, setEnd] = useState<ActionEnd>();
  const run: Action['run'] = async (send, toOutcome) => {
    const sent = crypto.randomUUID();
    setBusy(true);
    setEnd(undefined);
    try {
      const { data, response } = await send({ [CORRELATION_ID]: sent });
      setEnd({ ...toOutcome(data), correlationId: response.headers.get(CORRELATION_ID) ?? sent });
      return true;
    } catch (error) {
      setEnd({ failure: toFailure(error, sent) });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, end, clear: () => setEnd(undefined) };
}
