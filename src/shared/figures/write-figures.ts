import { APP_FIGURES } from '../read-models/containers.ts';
import type { Runtime } from '../runtime.ts';
import { observeMeasurements } from '../telemetry/instruments.ts';
import type { App, FiguresDocument } from './figures.ts';
import { FiguresRecorder } from './figures-recorder.ts';

/** Time (ms) between two writes while something happens. */
const WRITE_EVERY_MS = 5_000;
/** An idle instance writes after this many turns, to show that it runs: twice a minute. */
const IDLE_TURNS = 6;

/** All that is needed of the read database. */
interface FiguresDatabase {
  container(name: string): { readonly items: { upsert(document: FiguresDocument): Promise<unknown> } };
}

export interface FiguresOptions {
  readonly app: App;
  /** Tells the instances of an app apart. */
  readonly instance: string;
  /** Opens the read database. */
  readonly database: () => Promise<FiguresDatabase>;
  readonly runtime: Pick<Runtime, 'now' | 'timer'>;
}

/**
 * Starts to count what this instance of an app does, and writes the counts to the read database, so that the sync app can show the figures
 * of all instances. A write that fails is logged once while writing fails; the next one has the figures of the minute.
 * @returns a function that stops it
 */
export function startFigures({ app, instance, database, runtime }: FiguresOptions): () => void {
  const figures = new FiguresRecorder(app, instance, runtime);
  observeMeasurements((metric, value, attributes) => figures.record(metric, value, attributes));
  let idleTurns = IDLE_TURNS; // writes in the first turn
  let failing = false;
  let stopped = false;
  const write = async () => {
    try {
      const container = (await database()).container(APP_FIGURES.name);
      for (const document of figures.documents()) await container.items.upsert(document);
      failing = false;
    } catch (error) {
      if (!failing) console.warn('The figures of this instance cannot be written:', error);
      failing = true;
    }
  };
  const turn = async () => {
    idleTurns = figures.changed ? IDLE_TURNS : idleTurns + 1;
    if (idleTurns >= IDLE_TURNS) {
      idleTurns = 0;
      await write();
    }
    if (!stopped) cancel = runtime.timer(WRITE_EVERY_MS, () => void turn());
  };
  let cancel = runtime.timer(WRITE_EVERY_MS, () => void turn());
  return () => {
    stopped = true;
    cancel();
    observeMeasurements(undefined);
  };
}
