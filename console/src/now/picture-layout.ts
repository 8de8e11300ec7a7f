/** Where the parts of the picture are, in its own units: side by side on a wide screen, one below the other on a phone. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  readonly direction: 'right' | 'down';
  /** Around all read models, where there is no room for an arrow to each of them. */
  readonly group?: Box;
  readonly commands: Box;
  readonly sql: Box;
  readonly outbox: Box;
  readonly hub: Box;
  readonly readModel: (index: number) => Box;
  readonly push: Box;
  readonly queries: Box;
  readonly browsers: Box;
}

const PILL = 42;
const PILL_GAP = 7;

export const WIDE: PictureLayout = {
  width: 1200,
  height: 410,
  direction: 'right',
  commands: { x: 4, y: 124, width: 168, height: 96 },
  sql: { x: 262, y: 124, width: 168, height: 96 },
  outbox: { x: 262, y: 260, width: 168, height: 64 },
  hub: { x: 520, y: 124, width: 156, height: 96 },
  readModel: (index) => ({ x: 776, y: 4 + index * (PILL + PILL_GAP), width: 204, height: PILL }),
  push: { x: 776, y: 358, width: 204, height: PILL },
  queries: { x: 1068, y: 124, width: 128, height: 96 },
  browsers: { x: 1068, y: 352, width: 128, height: 54 },
};

export const TALL: PictureLayout = {
  width: 360,
  height: 812,
  direction: 'down',
  commands: { x: 100, y: 4, width: 160, height: 92 },
  sql: { x: 4, y: 142, width: 152, height: 92 },
  outbox: { x: 204, y: 156, width: 152, height: 64 },
  hub: { x: 4, y: 284, width: 152, height: 92 },
  group: { x: 2, y: 424, width: 356, height: 236 },
  readModel: (index) => ({
    x: 12 + (index % 2) * 170,
    y: 456 + Math.floor(index / 2) * (PILL + PILL_GAP),
    width: 166,
    height: PILL,
  }),
  push: { x: 204, y: 284, width: 152, height: PILL },
  queries: { x: 100, y: 712, width: 160, height: 92 },
  browsers: { x: 204, y: 350, width: 152, height: 40 },
};

/** The path of an arrow between two boxes, and where labels can be. */
export function arrowBetween(from: Box, to: Box, direction: 'right' | 'down') {
  const [start, end] =
    direction === 'right' ? [middle(from, 'right'), middle(to, 'left')] : [middle(from, 'bottom'), middle(to, 'top')];
  const half = direction === 'right' ? (end.x - start.x) / 2 : (end.y - start.y) / 2;
  const bend =
    direction === 'right'
      ? `${start.x + half} ${start.y} ${end.x - half} ${end.y}`
      : `${start.x} ${start.y + half} ${end.x} ${end.y - half}`;
  return {
    path: `M${start.x} ${start.y}C${bend} ${end.x} ${end.y}`,
    middle: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 },
    end,
  };
}

function middle({ x, y, width, height }: Box, side: 'left' | 'right' | 'top' | 'bottom') {
  switch (side) {
    case 'left':
      return { x: x - 5, y: y + height / 2 };
    case 'right':
      return { x: x + width, y: y + height / 2 };
    case 'top':
      return { x: x + width / 2, y: y - 5 };
    case 'bottom':
      return { x: x + width / 2, y: y + height };
  }
}
