import { formatCount, formatRate } from '../format/numbers.ts';
import { formatClock, formatDuration } from '../format/times.ts';
import { type Figure, Figures } from '../parts/figures.tsx';
import { absenceOf, latest, type Overview, ratesOf, TARGETS } from './overview.ts';

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
    ofApp(
      overview,
      'commands',
      trafficFigure('Commands', rates?.commands, latest(overview.history, 'commandMs'), TARGETS.command),
    ),
    ofApp(
      overview,
      'queries',
      trafficFigure('Queries', rates?.queries, latest(overview.history, 'queryMs'), TARGETS.query),
    ),
    lagFigure(overview),
    ofApp(overview, 'commands', outboxFigure(overview)),
    deadLettersFigure(overview),
  ];
  return <Figures figures={figures} unknownSince={unknownSince} />;
}

/** A figure that only this app knows. */
function ofApp(overview: Overview, app: 'commands' | 'queries', figure: Figure): Figure {
  const absence = absenceOf(overview, app);
  if (absence === undefined) return figure;
  return { ...figure, value: undefined, unknownSince: absence.since && formatClock(absence.since) };
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
