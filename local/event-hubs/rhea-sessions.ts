/**
 * Changes four behaviors of rhea's sessions that break clients other than rhea. Each session is changed when it begins. The state
 * that is used here is internal to rhea (`rhea/lib/session.js`) and missing in its typings.
 */
import type { Connection, Container, EventContext, link, Session } from 'rhea';

/** Emitted by a session after every flow frame: the client may have opened its window or given credit. */
export const SESSION_FLOW = 'session_flow';

/** Replaces format 0, which rhea decodes: encoding such a message again would lose AMQP types that JavaScript lacks. */
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

/** Call this before the container listens. */
export function amendSessions(container: Container): void {
  container.on('connection_open', ({ connection }: EventContext) => ignoreLateFrames(connection));
  container.on('session_open', ({ session }: EventContext) => {
    if (session === undefined) return;
    session.setMaxListeners(0); // each link of a session listens to its flow
    keepLinksByHandle(session);
    keepMessagesEncoded(session);
    emitSessionFlow(session);
  });
}

/**
 * Keeps links by handle. rhea keeps them by name, but a name is unique only per direction (AMQP 1.0 part 2.6.1): Proton gives the
 * link for requests and the link for their replies the same name.
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

/** Delivers every message as its bytes, whatever its format. */
function keepMessagesEncoded(session: Session): void {
  override<TransferFrame>(session, 'on_transfer', (frame, onTransfer) => {
    frame.performative.message_format ||= UNDECODED_FORMAT;
    onTransfer(frame);
  });
}

/** Emits {@link SESSION_FLOW}. rhea has an event for the flow of a link, but none for the flow of a session. */
function emitSessionFlow(session: Session): void {
  override<unknown>(session, 'on_flow', (frame, onFlow) => {
    onFlow(frame);
    session.emit(SESSION_FLOW);
  });
}

/**
 * Ignores frames for a session that the client has ended. `@azure/event-hubs` settles its last events that late. rhea would treat
 * this as an error and end the connection, and the client's `close()` would never finish.
 */
function ignoreLateFrames(connection: Connection): void {
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
