import { type ProgressStream, progressBar } from '../cli/progress-bar.ts';

export interface Progress {
  readonly start: (phase: string, total: number) => void;
  readonly step: () => void;
  readonly stop: () => void;
}

/** Shows the phases of an import one after another. */
export function createProgress(stream: ProgressStream): Progress {
  const bar = progressBar(stream);
  return {
    start: (phase, total) => {
      bar.start(total, 0, { phase: phase.padEnd(10) });
    },
    step: () => bar.increment(),
    stop: () => bar.stop(),
  };
}
