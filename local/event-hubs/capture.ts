/**
 * Capture: writes the events of a hub to Avro files in blob storage, as Event Hubs Capture does. A window ends after a time or a size,
 * whichever comes first: https://learn.microsoft.com/azure/event-hubs/event-hubs-capture-overview
 */
import { type BlobContainer, isConflict, openContainer } from '../storage/blob-container.ts';
import { type CapturedEvent, encodeCapture } from './capture-file.ts';
import type { PartitionLog } from './partition-log.ts';
import { decoded } from './stored-event.ts';

/** Settings with the names and meanings of the service's `captureDescription`. */
export interface CaptureSettings {
  readonly hub: string;
  /** Connection string of the storage account. */
  readonly storage: string;
  /** The container of the files. It is created when it is missing. */
  readonly container: string;
  readonly intervalMs: number;
  readonly sizeLimitBytes: number;
  /** With the service's placeholders `{Namespace}`, `{EventHub}`, `{PartitionId}`, `{Year}` to `{Second}`. `.avro` is added. */
  readonly nameFormat: string;
  /** Whether a window without events writes no file. */
  readonly skipEmptyArchives: boolean;
}

/** The stand-in's host name, as that of a namespace is. */
const NAMESPACE = 'localhost';
/** Where the stand-in keeps up to which event it has captured: a blob per hub and partition. */
const POSITIONS_CONTAINER = 'local-capture';
/** Time (ms) after which a file that could not be written is written again. */
const RETRY_MS = 1_000;

/** More attempts would hold up a stop while Storage cannot be reached. */
const RETRY_DELAYS_MS = [100];

/** Captures the partitions of a hub until it is stopped. What a stop leaves out is captured after the next start. */
export interface Capture {
  stop(): Promise<void>;
}

/** @param warn tells people that a file could not be written, and will be tried again */
export async function startCapture(
  partitions: readonly PartitionLog[],
  settings: CaptureSettings,
  warn: (sentence: string) => void = console.warn,
): Promise<Capture> {
  const [files, positions] = [settings.container, POSITIONS_CONTAINER].map((name) =>
    openContainer(settings.storage, name, RETRY_DELAYS_MS),
  );
  if (files === undefined || positions === undefined) throw new Error('There are no containers.');
  await Promise.all([files.create(), positions.create()]);
  const captures = partitions.map((log) => new PartitionCapture(log, { settings, files, positions, warn }));
  await Promise.all(captures.map((capture) => capture.start()));
  return { stop: async () => void (await Promise.all(captures.map((capture) => capture.stop()))) };
}

interface Target {
  readonly settings: CaptureSettings;
  readonly files: BlobContainer;
  readonly positions: BlobContainer;
  readonly warn: (sentence: string) => void;
}

class PartitionCapture {
  readonly #log: PartitionLog;
  readonly #target: Target;
  /** Sequence number of the next event to capture. */
  #next = 0;
  /** Bytes of the events in the open window, and the event up to which they are counted. */
  #bytes = 0;
  #counted = 0;
  #openedAt = new Date();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #stopped = false;
  #unsubscribe: () => void = () => undefined;

  constructor(log: PartitionLog, target: Target) {
    this.#log = log;
    this.#target = target;
  }

  async start(): Promise<void> {
    this.#next = Math.max(await this.#readPosition(), this.#log.firstSequenceNumber);
    this.#counted = this.#next;
    this.#unsubscribe = this.#log.onAppend(() => this.#appended());
    if (this.#target.settings.skipEmptyArchives) this.#appended();
    else this.#openWindow();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    clearTimeout(this.#timer);
    await this.#writing;
  }

  /** Empty windows write nothing, so that an idle hub needs no timer. */
  #appended(): void {
    for (; this.#counted < this.#log.nextSequenceNumber; this.#counted++) {
      this.#bytes += this.#log.entry(this.#counted)?.message.length ?? 0;
    }
    if (this.#counted === this.#next) return;
    if (this.#timer === undefined) this.#openWindow();
    if (this.#bytes >= this.#target.settings.sizeLimitBytes) this.#closeWindow();
  }

  #openWindow(delayMs = this.#target.settings.intervalMs): void {
    if (this.#stopped) return;
    this.#openedAt = new Date();
    this.#timer = setTimeout(() => this.#closeWindow(), delayMs);
  }

  #closeWindow(): void {
    clearTimeout(this.#timer);
    this.#writing = this.#writing.then(() => this.#writeFile());
  }

  async #writeFile(): Promise<void> {
    const end = this.#log.nextSequenceNumber;
    try {
      await this.#write(this.#next, end);
      this.#timer = undefined;
      this.#next = end;
      this.#counted = end;
      this.#bytes = 0;
      if (this.#target.settings.skipEmptyArchives) this.#appended();
      else this.#openWindow();
    } catch (error) {
      this.#target.warn(`A window of partition ${this.#log.id} could not be captured: ${error}`);
      this.#openWindow(RETRY_MS);
    }
  }

  async #write(first: number, end: number): Promise<void> {
    const { settings, files, positions } = this.#target;
    const events = eventsOf(this.#log, first, end);
    if (events.length === 0 && settings.skipEmptyArchives) return;
    const content = await encodeCapture(events);
    while (!(await create(files, this.#fileName(), content))) {
      // Windows that a size has ended can begin in the same second.
      this.#openedAt = new Date(this.#openedAt.getTime() + 1_000);
    }
    await positions.put({ name: this.#positionBlob, content: Buffer.from(String(end)) });
  }

  #fileName(): string {
    const { nameFormat, hub } = this.#target.settings;
    const [year, month, day, hour, minute, second] = this.#openedAt.toISOString().split(/\D/);
    const values: Readonly<Record<string, string | undefined>> = {
      '{Namespace}': NAMESPACE,
      '{EventHub}': hub,
      '{PartitionId}': this.#log.id,
      '{Year}': year,
      '{Month}': month,
      '{Day}': day,
      '{Hour}': hour,
      '{Minute}': minute,
      '{Second}': second,
    };
    return `${nameFormat.replaceAll(/\{\w+\}/g, (name) => values[name] ?? name)}.avro`;
  }

  async #readPosition(): Promise<number> {
    return Number((await this.#target.positions.read(this.#positionBlob)) ?? 0);
  }

  get #positionBlob(): string {
    return `${this.#target.settings.hub}/${this.#log.id}`;
  }
}

/** Returns whether the file was created: false when there is one. */
const create = async (files: BlobContainer, name: string, content: Buffer): Promise<boolean> =>
  !isConflict(await files.put({ name, content, ifNoneMatch: '*' }));

function eventsOf(log: PartitionLog, first: number, end: number): readonly CapturedEvent[] {
  const events: CapturedEvent[] = [];
  for (let sequence = first; sequence < end; sequence++) {
    const entry = log.entry(sequence);
    if (entry !== undefined) events.push({ ...decoded(entry, log.id), offset: entry.offset });
  }
  return events;
}
