import './figures.css';

/** A figure. Without a value, it is unknown. */
export interface Figure {
  readonly name: string;
  readonly value: string | undefined;
  readonly note: string;
  readonly bad?: boolean;
  /** Set while this figure alone cannot be read. */
  readonly unknownSince?: string | undefined;
}

/** Figures as tiles. `unknownSince` is set while they cannot be read. */
export function Figures({
  figures,
  unknownSince,
}: {
  readonly figures: readonly Figure[];
  readonly unknownSince: string | undefined;
}) {
  return (
    <dl className="tiles">
      {figures.map((figure) => (
        <Tile key={figure.name} figure={figure} unknownSince={unknownSince} />
      ))}
    </dl>
  );
}

function Tile({
  figure: { name, value, note, bad = false, ...figure },
  ...page
}: {
  readonly figure: Figure;
  readonly unknownSince: string | undefined;
}) {
  const unknownSince = page.unknownSince ?? figure.unknownSince;
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
