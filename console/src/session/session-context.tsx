import { createOrdersClient, type OrdersClient } from 'cqrs-orders-client';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { Session } from './session.ts';

/** What every page uses: the caller, and a client with their token. */
export interface Console {
  readonly session: Session;
  readonly orders: OrdersClient;
  /** A client that neither waits for its own writes nor retries: it shows what the read model has at this moment. */
  readonly plainReads: OrdersClient;
  /** Continues as another caller (on a developer machine). */
  readonly switchTo: (callerId: string) => void;
}

const ConsoleContext = createContext<Console | undefined>(undefined);

export function SessionProvider({ first, children }: { readonly first: Session; readonly children: ReactNode }) {
  const [session, setSession] = useState(first);
  const value = useMemo(
    () => ({
      session,
      orders: createOrdersClient({
        baseUrl: session.apiUrl,
        token: session.token,
        retry: { timeoutMs: 8_000 }, // people want to see that something is wrong
      }),
      plainReads: createOrdersClient({
        baseUrl: session.apiUrl,
        token: session.token,
        readYourWrites: false,
        retry: { timeoutMs: 0 },
      }),
      switchTo: (callerId: string) => setSession((current) => current.as(callerId)),
    }),
    [session],
  );
  return <ConsoleContext value={value}>{children}</ConsoleContext>;
}

export function useConsole(): Console {
  const value = useContext(ConsoleContext);
  if (value === undefined) throw new Error('The page is outside of a session.');
  return value;
}
