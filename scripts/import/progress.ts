import { type ProgressStream, progressBar } from '../cli/progress-bar.ts';

export interface Progress {
  readonly begin: (phase: string, total: number) => void;
  readonly step: () => void;
  readonly end: () => void;
}

/** Shows the phases of an import one after the other. */
export function createProgress(stream: ProgressStream): Progress {
  const bar = progressBar(stream);
  return {
    begin: (phase, total) => {
      bar.start(total, 0, { phase: phase.padEnd(10) });
    },
    step: () => bar.increment(),
    end: () => bar.stop(),
  };
}
