import { SingleBar } from 'cli-progress';
import { formatTimeLeft } from './time-left.ts';

export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Creates a progress bar for terminals; elsewhere it prints a plain line every 5 s. Shows the `phase` passed to `start`. */
export function progressBar(stream: ProgressStream): SingleBar {
  return new SingleBar({
    stream,
    format: stream.isTTY === true ? '{phase} {bar} {value}/{total}, {eta_formatted}' : '{phase} {value}/{total}',
    formatTime: formatTimeLeft,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    // The caller stops the bar on Ctrl-C.
    gracefulExit: false,
    emptyOnZero: true,
  });
}
