import { SingleBar } from 'cli-progress';

export interface Progress {
  readonly begin: (phase: string, total: number) => void;
  readonly step: () => void;
  readonly end: () => void;
}

/** A bar on a terminal; plain lines every few seconds elsewhere. */
export function createProgress(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): Progress {
  const bar = new SingleBar({
    stream,
    format: stream.isTTY === true ? '{phase} {bar} {value}/{total}, {eta_formatted} left' : '{phase} {value}/{total}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    // The run itself ends the bar on Ctrl-C, after the requests under way.
    gracefulExit: false,
    emptyOnZero: true,
  });
  return {
    begin: (phase, total) => {
      bar.start(total, 0, { phase: phase.padEnd(10) });
    },
    step: () => bar.increment(),
    end: () => bar.stop(),
  };
}
