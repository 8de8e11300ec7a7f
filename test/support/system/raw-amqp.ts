/** AMQP 1.0 frame by frame, for orders of frames that no client library of JavaScript makes. Signs in by SASL PLAIN. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import rhea from 'rhea';

type Fields = Readonly<Record<string, unknown>>;

/** A frame as it came: `attach`, `flow`, …, with its fields by rhea's names. */
export interface Frame {
  readonly name: string;
  readonly fields: Fields;
  readonly payload: Buffer | undefined;
}

type Composite = { readonly [field: string]: unknown };
interface EncodedFrame {
  readonly performative?: Composite & { dispatch(target: object, frame: unknown): void };
  readonly payload?: Buffer;
}
interface FrameCodec {
  amqp_frame(channel: number, performative: Composite, payload?: Buffer): unknown;
  sasl_frame(performative: Composite): unknown;
  write_frame(frame: unknown): Buffer;
  read_frame(encoded: Buffer): EncodedFrame;
}

const codec: FrameCodec = createRequire(import.meta.url)('rhea/lib/frames.js');

const SASL_HEADER = Buffer.from('AMQP\x03\x01\x00\x00');
const AMQP_HEADER = Buffer.from('AMQP\x00\x01\x00\x00');
const MAX_UINT = 0xffff_ffff;

/** A performative to write: its name, its fields by rhea's names, and the payload of a transfer. */
export type Performative = readonly [name: string, fields: Fields, payload?: Buffer];

/** `begin` and `flow` of a session whose window holds `incoming_window` transfers. */
export const SESSION = { next_outgoing_id: 0, incoming_window: MAX_UINT, outgoing_window: MAX_UINT } as const;

export class RawAmqp {
  readonly frames: Frame[] = [];
  readonly #socket: Socket;
  #unread: Buffer = Buffer.alloc(0);
  #arrived = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', () => {});
  }

  /** Connects and signs in, with a connection that is open and no session yet. */
  static async connect(port: number): Promise<RawAmqp> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const client = new RawAmqp(socket);
    const signIn = { mechanism: 'PLAIN', initial_response: Buffer.from('\0local\0local') };
    socket.write(Buffer.concat([SASL_HEADER, codec.write_frame(codec.sasl_frame(composite('sasl_init', signIn)))]));
    await client.until('sasl_outcome');
    socket.write(AMQP_HEADER);
    client.write(['open', { container_id: 'raw' }]);
    await client.until('open');
    return client;
  }

  /** Writes frames on channel 0, all in one packet. */
  write(...performatives: readonly Performative[]): void {
    const encoded = performatives.map(([name, fields, payload]) =>
      codec.write_frame(codec.amqp_frame(0, composite(name, fields), payload)),
    );
    this.#socket.write(Buffer.concat(encoded));
  }

  /** Resolves when `count` frames of a name have come, with all of them so far. */
  async until(name: string, count = 1): Promise<readonly Frame[]> {
    for (;;) {
      const found = this.frames.filter((frame) => frame.name === name);
      if (found.length >= count) return found;
      await this.#arrived.promise;
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    while (this.#unread.length >= 8) {
      const length = this.#unread.toString('latin1', 0, 4) === 'AMQP' ? 8 : this.#unread.readUInt32BE();
      if (this.#unread.length < length) break;
      this.#take(this.#unread.subarray(0, length));
      this.#unread = this.#unread.subarray(length);
    }
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  }

  #take(encoded: Buffer): void {
    if (encoded.toString('latin1', 0, 4) === 'AMQP') return;
    const { performative, payload } = codec.read_frame(encoded);
    // rhea tells a performative's name only by the method it calls.
    const target = new Proxy(
      {},
      { get: (_, method) => () => this.#keep(String(method).slice(3), performative, payload) },
    );
    performative?.dispatch(target, {});
  }

  #keep(name: string, fields: Fields | undefined, payload: Buffer | undefined): void {
    this.frames.push({ name, fields: fields ?? {}, payload });
  }
}

function composite(name: string, fields: Fields): Composite {
  return Reflect.get(codec, name)(fields);
}

/** The source of a reader's link, as rhea encodes it. */
export function source(address: string, selector?: string): unknown {
  const filter = selector && { selector: rhea.types.wrap_described(selector, 'apache.org:selector-filter:string') };
  return terminus.source({ address, ...(filter && { filter }) }).described();
}

export function target(address: string): unknown {
  return terminus.target({ address }).described();
}

const terminus: Record<'source' | 'target', (fields: Fields) => { described(): unknown }> = createRequire(
  import.meta.url,
)('rhea/lib/terminus.js');
