import { formatRate } from '../format/numbers.ts';
import { arrowBetween, type Box } from './picture-layout.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'unknown' | 'plain';

/** A part of the system: its name, a figure, and a note. */
export function Node({
  box: { x, y, width, height },
  title,
  value,
  note,
  tone,
  pulse = false,
}: {
  readonly box: Box;
  readonly title: string;
  readonly value?: string;
  readonly note?: string;
  readonly tone: Tone;
  readonly pulse?: boolean;
}) {
  const small = height < 70;
  return (
    <g className={`node ${tone}${pulse ? ' pulse' : ''}`} transform={`translate(${x} ${y})`}>
      <rect width={width} height={height} rx={12} />
      {tone !== 'plain' && <circle cx={width - 16} cy={18} r={4} />}
      {small ? (
        <>
          <text className="title" x={16} y={note === undefined ? height / 2 + 5 : 26}>
            {title}
          </text>
          <text className="note" x={16} y={46}>
            {note}
          </text>
        </>
      ) : (
        <>
          <text className="title" x={16} y={26}>
            {title}
          </text>
          <text className={value === 'one transaction' ? 'words' : 'value'} x={16} y={56}>
            {value}
          </text>
          <text className="note" x={16} y={height > 80 ? 80 : 70}>
            {note}
          </text>
        </>
      )}
    </g>
  );
}

/** A read model: its name and how far it is, in one line. */
export function Pill({
  box: { x, y, width, height },
  title,
  value,
  tone,
}: {
  readonly box: Box;
  readonly title: string;
  readonly value?: string;
  readonly tone: Tone;
}) {
  return (
    <g className={`node ${tone}`} transform={`translate(${x} ${y})`}>
      <rect width={width} height={height} rx={10} />
      <circle cx={16} cy={height / 2} r={4} />
      <text className="title" x={28} y={height / 2 - 3}>
        {title}
      </text>
      <text className="note" x={28} y={height / 2 + 13}>
        {value}
      </text>
    </g>
  );
}

/** An arrow that moves while something happens on it. */
export function Arrow({
  from,
  to,
  direction,
  rate = 0,
  known,
  label,
}: {
  readonly from: Box;
  readonly to: Box;
  readonly direction: 'right' | 'down';
  readonly rate?: number | undefined;
  readonly known: boolean;
  /** Where its rate is: `end` for one of several arrows that begin together, which have none while nothing happens. */
  readonly label?: 'middle' | 'end' | undefined;
}) {
  const { path, middle, end } = arrowBetween(from, to, direction);
  const text = known ? `${formatRate(rate)}/s` : '–';
  return (
    <g className={rate > 0 ? 'arrow moving' : 'arrow'}>
      <path d={path} />
      {rate > 0 && <path className="flow" d={path} />}
      {label === 'middle' && (
        <text
          x={middle.x + (direction === 'down' ? 10 : 0)}
          y={middle.y - (direction === 'down' ? -2 : 8)}
          textAnchor={direction === 'down' ? 'start' : 'middle'}
        >
          {text}
        </text>
      )}
      {label === 'end' && rate > 0 && (
        <text x={end.x - 8} y={end.y - 7} textAnchor="end">
          {text}
        </text>
      )}
    </g>
  );
}
