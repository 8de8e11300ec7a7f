import { formatEventType, formatReadModel } from '../format/ids.ts';
import { formatCount, plural } from '../format/numbers.ts';
import { formatDuration } from '../format/times.ts';
import { type Held, type Holding, partOf } from './holdings.ts';

interface HoldingListProps {
  readonly held: Held;
  /** What was held before the erasure of this page. */
  readonly before: Held | undefined;
  readonly cleanAfterMs: ReadonlyMap<string, number>;
}

/** What each table, read model and search holds, by the part of the system. Rows open to show the records. */
export function HoldingList({ held, before, cleanAfterMs }: HoldingListProps) {
  const gone = (before?.holdings ?? []).filter(({ store }) => !held.holdings.some((one) => one.store === store));
  const all = [...held.holdings, ...gone.map((one) => ({ ...one, records: [], personal: 0, erased: 0 }))];
  return (
    <div className="holdings">
      {[...Map.groupBy(all, ({ store }) => partOf(store))].map(([part, holdings]) => (
        <section key={part} aria-label={part}>
          <h3>{part}</h3>
          <ul>
            {holdings.map((holding) => (
              <HoldingRow
                key={holding.store}
                holding={holding}
                before={before?.holdings.find(({ store }) => store === holding.store)}
                cleanAfterMs={cleanAfterMs.get(holding.store)}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** Records that a row shows. The rest are in the download. */
const SHOWN = 5;

function HoldingRow({
  holding: { store, records, personal, erased },
  before,
  cleanAfterMs,
}: {
  readonly holding: Holding;
  readonly before: Holding | undefined;
  readonly cleanAfterMs: number | undefined;
}) {
  return (
    <li>
      <details>
        <summary>
          <span>{nameOf(store)}</span>
          <span className="small faint">{plural(records.length, 'record')}</span>
          <span className="small">
            {before !== undefined && before.personal > 0 && (
              <>
                <del>{formatCount(before.personal)}</del> →{' '}
              </>
            )}
            {personal > 0 ? plural(personal, 'personal value') : <span className="faint">no personal data</span>}
            {erased > 0 && <span className="faint">, {formatCount(erased)} × [erased]</span>}
          </span>
          <span>
            {cleanAfterMs !== undefined && (
              <span className="badge good">erased after {formatDuration(cleanAfterMs)}</span>
            )}
            {before !== undefined && personal > 0 && <span className="badge warn">not erased yet</span>}
          </span>
        </summary>
        {records.slice(0, SHOWN).map((record) => (
          <pre key={JSON.stringify(record)}>{JSON.stringify(record, undefined, 2)}</pre>
        ))}
        {records.length > SHOWN && (
          <p className="small faint">And {formatCount(records.length - SHOWN)} more, in the download.</p>
        )}
      </details>
    </li>
  );
}

const NAMES: Readonly<Record<string, string>> = {
  search_customers: 'Customers by name',
  search_orders: 'Orders by name',
};

const nameOf = (store: string): string =>
  NAMES[store] ?? (store.includes('_') ? formatReadModel(store) : formatEventType(store));
