import { useSyncExternalStore } from 'react';
import { formatReadModel } from '../format/ids.ts';
import { formatCount, formatRate } from '../format/numbers.ts';
import { formatClock, formatDuration } from '../format/times.ts';
import { absenceOf, latest, type Overview, type Rates, type ReadModelState, ratesOf, TARGETS } from './overview.ts';
import { type PictureLayout, TALL, WIDE } from './picture-layout.ts';
import { Arrow, Node, Pill, type Tone } from './picture-parts.tsx';

const NARROW = matchMedia('(width < 48rem)');

function useNarrow(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      NARROW.addEventListener('change', onChange);
      return () => NARROW.removeEventListener('change', onChange);
    },
    () => NARROW.matches,
  );
}

/** The read models in the order of the picture, also when their state is unknown. */
const READ_MODELS = [
  'order_details',
  'customer_orders',
  'order_search',
  'shipping_board',
  'sales_daily',
  'sales_live',
  'catalogue',
];

/** The way of a command through the system, with what happens on each part of it. `pulse` changes with each pushed change. */
export function SystemPicture({
  overview,
  pulse,
}: {
  readonly overview: Overview | undefined;
  readonly pulse: number;
}) {
  const layout = useNarrow() ? TALL : WIDE;
  const { direction } = layout;
  const isWide = direction === 'right';
  const across = { direction: isWide ? 'down' : 'right' } as const;
  const rates = overview === undefined ? undefined : ratesOf(overview);
  const parts = partsOf(overview, rates);
  const eventRate = Math.max(0, ...Object.values(rates?.projected ?? {}));
  const arrow = { direction, known: rates !== undefined };
  return (
    <svg className="picture" viewBox={`0 0 ${layout.width} ${layout.height}`} role="img" aria-label={describe(parts)}>
      <Arrow {...arrow} from={layout.commands} to={layout.sql} rate={rates?.commands} label={isWide} />
      <Arrow {...arrow} {...across} from={layout.sql} to={layout.outbox} rate={rates?.commands} />
      <Arrow {...arrow} from={layout.outbox} to={layout.hub} rate={eventRate} />
      <ReadModelArrows layout={layout} rates={rates} />
      <Arrow {...arrow} direction="right" from={layout.hub} to={layout.push} rate={rates?.pushed} />
      <Arrow {...arrow} direction={direction} from={layout.push} to={layout.browsers} rate={rates?.pushed} />
      <Node box={layout.commands} title="Commands" {...parts.commands} />
      <Node box={layout.sql} title="Azure SQL" {...parts.sql} />
      <Node box={layout.outbox} title="Outbox" {...parts.outbox} />
      <Node box={layout.hub} title="Event Hubs" {...parts.hub} />
      {READ_MODELS.map((name, index) => (
        <Pill key={name} box={layout.readModel(index)} title={formatReadModel(name)} {...parts.readModel(name)} />
      ))}
      <Pill box={layout.push} title="Web PubSub" {...parts.push} />
      <Node box={layout.queries} title="Queries" {...parts.queries} />
      <Node key={pulse} box={layout.browsers} title="Browsers" tone="plain" pulse={pulse > 0} />
    </svg>
  );
}

/** To each read model and from it; or to the group of all of them. */
function ReadModelArrows({ layout, rates }: { readonly layout: PictureLayout; readonly rates: Rates | undefined }) {
  const { direction, group, hub, queries, readModel } = layout;
  const arrow = { direction, known: rates !== undefined };
  if (group !== undefined) {
    return (
      <>
        <Arrow {...arrow} from={hub} to={group} rate={rates && Math.max(...Object.values(rates.projected))} />
        <Arrow {...arrow} from={group} to={queries} rate={rates?.queries} />
        <g className="group">
          <rect {...group} rx={12} />
          <text x={group.x + 12} y={group.y + 21}>
            Read models in Cosmos DB
          </text>
        </g>
      </>
    );
  }
  return READ_MODELS.map((name, index) => (
    <g key={name}>
      <Arrow {...arrow} from={hub} to={readModel(index)} rate={rates?.projected[name]} />
      <Arrow {...arrow} from={readModel(index)} to={queries} rate={rates?.queries} />
    </g>
  ));
}

interface Part {
  readonly value?: string;
  readonly note?: string;
  readonly tone: Tone;
}

function partsOf(overview: Overview | undefined, rates: Rates | undefined) {
  const history = overview?.history;
  const p95 = (name: 'commandMs' | 'queryMs') => {
    const measured = latest(history, name);
    return measured === undefined ? 'no traffic yet' : `p95 ${formatDuration(measured.p95)}`;
  };
  const perSecond = (rate: number | undefined) => (rate === undefined ? '–' : `${formatRate(rate)}/s`);
  const dependency = (name: string): Part => {
    const status = overview?.dependencies.find((one) => one.dependency === name)?.status;
    if (status === undefined) return { note: 'unknown', tone: 'unknown' };
    return status === 'up' ? { note: 'up', tone: 'good' } : { note: 'down', tone: 'bad' };
  };
  const tone: Tone = rates === undefined ? 'unknown' : 'good';
  return {
    commands: absentPart(overview, 'commands') ?? { value: perSecond(rates?.commands), note: p95('commandMs'), tone },
    queries: absentPart(overview, 'queries') ?? { value: perSecond(rates?.queries), note: p95('queryMs'), tone },
    sql: { ...dependency('sql'), value: 'one transaction' },
    hub: { ...dependency('event-hubs'), value: eventsPerSecond(rates) },
    outbox: absentPart(overview, 'commands') ?? outboxPart(overview),
    push: { value: perSecond(rates?.pushed), tone },
    readModel: (name: string) => readModelPart(overview?.readModels?.find(({ readModel }) => readModel === name)),
  };
}

/** What only one app knows, while none of its instances is seen. */
function absentPart(overview: Overview | undefined, app: 'commands' | 'queries'): Part | undefined {
  const absence = overview && absenceOf(overview, app);
  if (absence === undefined) return undefined;
  const since = absence.since === undefined ? '' : ` since ${formatClock(absence.since)}`;
  return { value: '–', note: `unknown${since}`, tone: 'unknown' };
}

function eventsPerSecond(rates: Rates | undefined): string {
  return rates === undefined ? '–' : `${formatRate(Math.max(0, ...Object.values(rates.projected)))}/s`;
}

function outboxPart(overview: Overview | undefined): Part {
  const outbox = overview?.outbox;
  if (outbox === undefined) return { note: 'unknown', tone: 'unknown' };
  const { events, oldestMs, held } = outbox;
  if (events === 0) return { note: 'empty', tone: 'good' };
  return {
    note: `${formatCount(events)} waiting, ${formatDuration(oldestMs)}`,
    tone: held > 0 ? 'bad' : toneOf(oldestMs),
  };
}

function readModelPart(state: ReadModelState | undefined): Part {
  if (state === undefined) return { value: '–', tone: 'unknown' };
  if (state.stalled !== undefined) return { value: 'stalled', tone: 'bad' };
  if (state.behind === 0) return { value: 'up to date', tone: 'good' };
  return { value: `${formatCount(state.behind)} behind`, tone: toneOf(state.lagMs) };
}

/** A delay within the target for a change to arrive is no reason to worry. */
function toneOf(delayMs: number): Tone {
  if (delayMs > TARGETS.freshness) return 'bad';
  return delayMs > TARGETS.sync ? 'warn' : 'good';
}

/** The picture in a sentence, for people who do not see it. */
function describe({ commands, sql, outbox, hub, queries, push, readModel }: ReturnType<typeof partsOf>): string {
  return [
    `Commands ${commands.value}, ${commands.note}.`,
    `Azure SQL ${sql.note}. Outbox ${outbox.note}. Event Hubs ${hub.note}.`,
    ...READ_MODELS.map((name) => `${formatReadModel(name)} ${readModel(name).value}.`),
    `Queries ${queries.value}, ${queries.note}. Pushed changes ${push.value}.`,
  ].join(' ');
}
