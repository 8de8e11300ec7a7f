import { useCallback } from 'react';
import { useLoaded } from '../api/use-loaded.ts';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';
import { differencesBetween } from './order.ts';

/** The write model beside the read model, as both are at this moment. `version` reads them again when it changes. */
export function WriteAndRead({ orderId, version }: { readonly orderId: string; readonly version: number }) {
  const { plainReads } = useConsole();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version reads again
  const load = useCallback(
    async (signal: AbortSignal) => {
      const params = { path: { orderId }, query: { include: 'tracking' } };
      const [write, read] = await Promise.all([
        plainReads.GET('/orders/{orderId}/current', { params, signal }),
        plainReads.GET('/orders/{orderId}', { params, signal }),
      ]);
      return { write: write.data, read: read.data };
    },
    [plainReads, orderId, version],
  );
  const { value, failure, reload } = useLoaded(load);
  const differences = value === undefined ? [] : differencesBetween(value.write, value.read);
  return (
    <section className="card">
      <header>
        <h2>Write model and read model</h2>
        <button type="button" className="button quiet small" onClick={reload}>
          Compare again
        </button>
      </header>
      {failure !== undefined && <ProblemMessage failure={failure} />}
      {value !== undefined && (
        <>
          <dl className="both">
            <div>
              <dt>Write model, Azure SQL</dt>
              <dd>
                version {value.write.version}, {value.write.status}
              </dd>
            </div>
            <div>
              <dt>Read model, Cosmos DB</dt>
              <dd>
                version {value.read.version}, {value.read.status}
              </dd>
            </div>
          </dl>
          {differences.length === 0 ? (
            <span className="badge good">Every field is the same</span>
          ) : (
            <ul className="differences" aria-label="Differences">
              {differences.map(({ path, before, after }) => (
                <li key={path}>
                  <code>{path}</code> <ins>{before}</ins> <del>{after}</del>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  );
}
