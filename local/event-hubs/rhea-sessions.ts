/**
 * Four points in which rhea's sessions are no peer for other clients than rhea itself, put right on each session as it begins.
 * All of it is rhea's own state (`rhea/lib/session.js`), which its typings do not show.
 */
import type { Connection, Container, EventContext, link, Session } from 'rhea';

/** Emitted by a session after every flow frame: the client may have opened its window or given credit. */
export const SESSION_FLOW = 'session_flow';

/** Marks what came as format 0: rhea decodes that one, and encoding it again would change the types that JavaScript lacks. */
const UNDECODED_FORMAT = 0xffff_ffff;

interface AttachFrame {
  readonly performative: { readonly name: string; readonly handle: number; readonly role: boolean };
}
interface TransferFrame {
  readonly performative: { message_format: number | null | undefined };
}
interface ChannelFrame {
  readonly channel: number;
}
type Handler<F> = (frame: F) => void;
type LinkConstructor = new (session: Session, name: string, handle: number, options: unknown) => link;

/** To be called before the container listens. */
export function amendSessions(container: Container): void {
  container.on('connection_open', ({ connection }: EventContext) => forgiveLateFrames(connection));
  container.on('session_open', ({ session }: EventContext) => {
    if (session === undefined) return;
    session.setMaxListeners(0); // each link of a session listens to its flow
    keepLinksByHandle(session);
    keepMessagesEncoded(session);
    tellFlow(session);
  });
}

/**
 * Keeps links by their handle. rhea keeps them by name, but a name is unique per direction only (AMQP 1.0 part 2.6.1): Proton
 * gives the same one to the two links of a request and its reply.
 */
function keepLinksByHandle(session: Session): void {
  const links: Record<number, link> = Reflect.get(session, 'links');
  const localHandles: Record<number, link> = Reflect.get(session, 'local').handles;
  const remoteHandles: Record<number, link> = Reflect.get(session, 'remote').handles;
  Object.assign(session, {
    create_link: (name: string, Link: LinkConstructor, options: unknown) => {
      let handle = 0;
      while (localHandles[handle] !== undefined) handle++;
      const created = new Link(session, name, handle, options);
      links[handle] = created;
      localHandles[handle] = created;
      return created;
    },
    remove_link: (removed: link) => {
      const { handle } = Reflect.get(removed, 'local');
      delete links[handle];
      delete localHandles[handle];
    },
    on_attach: (frame: AttachFrame) => {
      const { name, handle, role: isReceiver } = frame.performative;
      const create = isReceiver ? 'create_sender' : 'create_receiver';
      const attached: link = Reflect.get(session, create).call(session, name);
      remoteHandles[handle] = attached;
      Reflect.get(attached, 'on_attach').call(attached, frame);
    },
  });
}

/** Every message arrives as its bytes, of whatever format. */
function keepMessagesEncoded(session: Session): void {
  override<TransferFrame>(session, 'on_transfer', (frame, onTransfer) => {
    frame.performative.message_format ||= UNDECODED_FORMAT;
    onTransfer(frame);
  });
}

/** rhea tells links of a flow frame for them, but nobody of one for the whole session. */
function tellFlow(session: Session): void {
  override<unknown>(session, 'on_flow', (frame, onFlow) => {
    onFlow(frame);
    session.emit(SESSION_FLOW);
  });
}

/**
 * Drops what a client sends about a session that it has ended. `@azure/event-hubs` settles its last events after that; rhea
 * takes it for a fault and ends the connection, on which the client then waits for its close.
 */
function forgiveLateFrames(connection: Connection): void {
  for (const handler of ['on_disposition', 'on_flow']) {
    override<ChannelFrame>(connection, handler, (frame, handle) => {
      if (Reflect.get(connection, 'remote_channel_map')[frame.channel] !== undefined) handle(frame);
    });
  }
}

function override<F>(target: object, name: string, handler: (frame: F, original: Handler<F>) => void): void {
  const original: Handler<F> = Reflect.get(target, name).bind(target);
  Object.assign(target, { [name]: (frame: F) => handler(frame, original) });
}
