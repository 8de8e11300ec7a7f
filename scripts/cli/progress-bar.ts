import { SingleBar } from 'cli-progress';

export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** A bar on a terminal; plain lines every few seconds elsewhere. It shows the `phase` that `start` is given. */
export function progressBar(stream: ProgressStream): SingleBar {
  return new SingleBar({
    stream,
    format: stream.isTTY === true ? '{phase} {bar} {value}/{total}, {eta_formatted} left' : '{phase} {value}/{total}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    // Who shows a bar ends it on Ctrl-C.
    gracefulExit: false,
    emptyOnZero: true,
  });
}
