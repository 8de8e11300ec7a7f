import { useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useLoaded } from '../api/use-loaded.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';

const LIMIT = 20;

/** Finds a customer by name, contact details or id. */
export function FindCustomer() {
  const { orders } = useConsole();
  const [words, setWords] = useState('');
  const q = useSettled(words.trim());
  const load = useCallback(
    async (signal: AbortSignal) => {
      const query = { limit: LIMIT, ...(q !== '' && { q }) };
      return (await orders.GET('/customers', { params: { query }, signal })).data.items;
    },
    [orders, q],
  );
  const customers = useLoaded(load);
  const { value: items, failure, loading } = customers;
  return (
    <section className="card" aria-label="Customers" aria-busy={loading}>
      <header>
        <h2>Find a customer</h2>
        <KnownSince {...customers} />
      </header>
      <search>
        <label className="field">
          <span>Name, email, phone or id</span>
          <input
            className="input"
            type="search"
            value={words}
            maxLength={200}
            placeholder="ada"
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      </search>
      {failure !== undefined && <ProblemMessage failure={failure} />}
      {items === undefined && failure === undefined && <div className="skeleton rows" />}
      {items !== undefined && items.length > 0 && (
        <ul className="customers">
          {items.map(({ customerId, name, email }) => (
            <li key={customerId}>
              <Link href={`/privacy?customerId=${encodeURIComponent(customerId)}`}>{name}</Link>
              <span className="soft">{email}</span>
              <code className="faint">{customerId}</code>
            </li>
          ))}
        </ul>
      )}
      {items?.length === 0 && <NoCustomers isSearch={q !== ''} />}
    </section>
  );
}

function NoCustomers({ isSearch }: { readonly isSearch: boolean }) {
  if (isSearch) {
    return (
      <EmptyState icon={<ListIcon />} title="No customer matches">
        Each word must match the start of a word in a name, contact detail or id. An erased customer can be found only
        by id.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<ListIcon />} title="There are no customers yet">
      Register one with <code>POST /customers</code>, or import orders together with their customers.
    </EmptyState>
  );
}

/** People type several letters: follow when they pause for this long (ms). */
const PAUSE_MS = 250;

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}
