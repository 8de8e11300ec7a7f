import { Fragment, useState } from 'react';
import { formatReadModel } from '../format/ids.ts';
import { formatCount, formatRate, plural } from '../format/numbers.ts';
import { formatDateTime, formatDuration } from '../format/times.ts';
import { type ReadModelState, TARGETS } from '../now/overview.ts';
import { RunbookLink } from '../parts/runbook-link.tsx';
import type { Replayable } from './replays.ts';

const COLUMNS = 6;

/** A row per read model, with its partitions on request. On a phone, each read model is a block. */
export function ReadModelTable({
  readModels,
  isKnown,
  rates,
  onReplay,
}: {
  readonly readModels: readonly ReadModelState[];
  /** Whether the figures are of this moment. */
  readonly isKnown: boolean;
  /** Events per second by read model; undefined while they are unknown. */
  readonly rates: Readonly<Record<string, number>> | undefined;
  readonly onReplay: (readModel: Replayable) => void;
}) {
  const [open, setOpen] = useState<string>();
  return (
    <table className="table model-table">
      <thead>
        <tr>
          <th scope="col">Read model</th>
          <th scope="col">Lag, target {formatDuration(TARGETS.freshness)}</th>
          <th scope="col">Behind</th>
          <th scope="col">Rate</th>
          <th scope="col">Version</th>
          <th scope="col">
            <span className="hidden-text">Partitions and replay</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {readModels.map((state) => {
          const { readModel, partitions, stalled } = state;
          const isOpen = open === readModel;
          return (
            <Fragment key={readModel}>
              <tr>
                <th scope="row">{formatReadModel(readModel)}</th>
                <Figures state={state} isKnown={isKnown} rate={rates?.[readModel]} />
                <td className="buttons">
                  <button
                    type="button"
                    className="button quiet small"
                    aria-expanded={isOpen}
                    onClick={() => setOpen(isOpen ? undefined : readModel)}
                  >
                    {plural(partitions.length, 'partition')}
                  </button>
                  <button type="button" className="button small" onClick={() => onReplay(readModel)}>
                    Replay<span className="hidden-text"> {formatReadModel(readModel)}</span>
                  </button>
                </td>
              </tr>
              {(isOpen || (isKnown && stalled !== undefined)) && (
                <tr className="more-row">
                  <td colSpan={COLUMNS}>
                    <div className="model-more">
                      {isKnown && stalled !== undefined && <Stall stalled={stalled} />}
                      {isOpen && <Partitions partitions={partitions} />}
                    </div>
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

function Figures({
  state: { lagMs, behind, stalled, projectionVersion },
  isKnown,
  rate,
}: {
  readonly state: ReadModelState;
  readonly isKnown: boolean;
  readonly rate: number | undefined;
}) {
  const share = Math.min(1, lagMs / TARGETS.freshness);
  const isBad = stalled !== undefined || share === 1;
  return (
    <>
      <td className="lag" data-label="lag">
        <strong>{isKnown ? formatDuration(lagMs) : '–'}</strong>
        <i className={isKnown && isBad ? 'bar bad' : 'bar'}>
          <i style={{ width: isKnown ? `${Math.max(share * 100, 1.5)}%` : 0 }} />
        </i>
      </td>
      <td data-label="behind">{isKnown ? plural(behind, 'event') : 'unknown'}</td>
      <td data-label="rate">{rate === undefined ? 'unknown' : `${formatRate(rate)} events/s`}</td>
      <td data-label="version">{projectionVersion}</td>
    </>
  );
}

function Stall({ stalled: { since, reason } }: { readonly stalled: NonNullable<ReadModelState['stalled']> }) {
  return (
    <p className="small">
      <span className="badge bad">Stalled since {formatDateTime(since)}</span> {reason}{' '}
      <RunbookLink chapter="stalled">What to do</RunbookLink>
    </p>
  );
}

function Partitions({ partitions }: Pick<ReadModelState, 'partitions'>) {
  return (
    <ul className="partitions small" aria-label="Partitions">
      {partitions.map(({ partition, lagMs, behind, stalled }) => (
        <li key={partition} className={stalled === undefined ? undefined : 'bad'}>
          <span className="faint">Partition {partition}</span>
          <strong>{formatDuration(lagMs)}</strong>
          <span>{stalled === undefined ? `${formatCount(behind)} behind` : 'stalled'}</span>
        </li>
      ))}
    </ul>
  );
}
