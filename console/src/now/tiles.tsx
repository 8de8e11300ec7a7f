import { formatCount, formatRate } from '../format/numbers.ts';
import { formatDuration } from '../format/times.ts';
import { latest, type Overview, ratesOf, TARGETS } from './overview.ts';

/** A figure. Without a value, it is unknown. */
interface Figure {
  readonly name: string;
  readonly value: string | undefined;
  readonly note: string;
  readonly bad?: boolean;
}

/** The figures that an operator looks at first. `unknownSince` is set while they cannot be read. */
export function Tiles({
  overview,
  unknownSince,
}: {
  readonly overview: Overview;
  readonly unknownSince: string | undefined;
}) {
  const rates = ratesOf(overview);
  const figures = [
    trafficFigure('Commands', rates?.commands, latest(overview.history, 'commandMs'), TARGETS.command),
    trafficFigure('Queries', rates?.queries, latest(overview.history, 'queryMs'), TARGETS.query),
    lagFigure(overview),
    outboxFigure(overview),
    deadLettersFigure(overview),
  ];
  return (
    <dl className="tiles">
      {figures.map((figure) => (
        <Tile key={figure.name} figure={figure} unknownSince={unknownSince} />
      ))}
    </dl>
  );
}

function Tile({
  figure: { name, value, note, bad = false },
  unknownSince,
}: {
  readonly figure: Figure;
  readonly unknownSince: string | undefined;
}) {
  const isKnown = value !== undefined && unknownSince === undefined;
  return (
    <div className={bad && isKnown ? 'tile bad' : 'tile'}>
      <dt>{name}</dt>
      <dd>
        <strong>{isKnown ? value : '–'}</strong>
        <span>{isKnown ? note : `unknown${unknownSince === undefined ? '' : ` since ${unknownSince}`}`}</span>
      </dd>
    </div>
  );
}

function trafficFigure(
  name: string,
  rate: number | undefined,
  measured: { readonly p95: number } | undefined,
  target: number,
): Figure {
  const note =
    measured === undefined ? 'none in 10 minutes' : `p95 ${formatDuration(measured.p95)}, target ${target} ms`;
  return { name, value: rate === undefined ? undefined : `${formatRate(rate)}/s`, note };
}

function lagFigure({ readModels }: Overview): Figure {
  const lag = readModels && Math.max(0, ...readModels.map(({ lagMs }) => lagMs));
  return {
    name: 'Largest lag',
    value: lag === undefined ? undefined : formatDuration(lag),
    note: `of all read models, target ${formatDuration(TARGETS.freshness)}`,
    bad: lag !== undefined && lag > TARGETS.freshness,
  };
}

function outboxFigure({ outbox }: Overview): Figure {
  if (outbox === undefined) return { name: 'Outbox', value: undefined, note: '' };
  const { events, oldestMs, held } = outbox;
  const note = events === 0 ? 'all events are published' : `oldest ${formatDuration(oldestMs)}`;
  return { name: 'Outbox', value: formatCount(events), note, bad: held > 0 };
}

function deadLettersFigure({ deadLetters }: Overview): Figure {
  if (deadLetters === undefined) return { name: 'Dead letters', value: undefined, note: '' };
  const { waiting } = deadLetters;
  const note = waiting === 0 ? 'nothing waits' : 'wait for a redrive';
  return { name: 'Dead letters', value: formatCount(waiting), note, bad: waiting > 0 };
}
