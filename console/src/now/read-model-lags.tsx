import { formatReadModel } from '../format/ids.ts';
import { formatRate, plural } from '../format/numbers.ts';
import { formatDateTime, formatDuration } from '../format/times.ts';
import { type Overview, type ReadModelState, ratesOf, TARGETS } from './overview.ts';

/** How far each read model is behind, with a bar that is full at the target. */
export function ReadModelLags({ overview }: { readonly overview: Overview }) {
  const rates = ratesOf(overview);
  return (
    <section className="card">
      <header>
        <h2>Read models</h2>
        <span className="small faint">lag, target {formatDuration(TARGETS.freshness)}</span>
      </header>
      {overview.readModels === undefined ? (
        <p className="soft">The lag is unknown: Event Hubs cannot be read.</p>
      ) : (
        <ul className="lags">
          {overview.readModels.map((state) => (
            <Lag key={state.readModel} state={state} rate={rates?.projected[state.readModel] ?? 0} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Lag({
  state: { readModel, lagMs, behind, stalled },
  rate,
}: {
  readonly state: ReadModelState;
  readonly rate: number;
}) {
  const share = Math.min(1, lagMs / TARGETS.freshness);
  const tone = stalled !== undefined || share === 1 ? 'bad' : 'fine';
  return (
    <li>
      <span>{formatReadModel(readModel)}</span>
      <span className="faint small">
        {behind === 0 ? `${formatRate(rate)} events/s` : `${plural(behind, 'event')} behind`}
      </span>
      <strong>{formatDuration(lagMs)}</strong>
      <i className={`lag-bar ${tone}`}>
        <i style={{ width: `${Math.max(share * 100, 1.5)}%` }} />
      </i>
      {stalled !== undefined && (
        <p className="small">
          Stalled since {formatDateTime(stalled.since)}: {stalled.reason}
        </p>
      )}
    </li>
  );
}
