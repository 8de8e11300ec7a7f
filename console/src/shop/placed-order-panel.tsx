import { Link, useLocation } from 'wouter';
import { shortId } from '../format/ids.ts';
import { formatDuration } from '../format/times.ts';
import { CorrelationId } from '../parts/correlation-id.tsx';
import { CheckIcon } from '../parts/icons.tsx';
import { type OrderStatus, StatusBadge } from '../parts/status-badge.tsx';
import { hasRole } from '../session/callers.ts';
import { useConsole } from '../session/session-context.tsx';
import type { PlacedOrder } from './placed-order.ts';
import { type Seen, usePlacedOrder } from './use-placed-order.ts';

const STEPS: readonly OrderStatus[] = ['submitted', 'confirmed', 'shipped', 'delivered'];

/** An order on its way: its steps as they happen, and how soon each way of reading showed it. */
export function PlacedOrderPanel({
  placed,
  onSeen,
}: {
  readonly placed: PlacedOrder;
  /** Called whenever the read models have a new version of the order. Memoize it. */
  readonly onSeen: () => void;
}) {
  const { plain, own, watched, statuses } = usePlacedOrder(placed, onSeen);
  const current = statuses.at(-1) ?? 'submitted';
  return (
    <section className="card placed" aria-label="Your order">
      <header>
        <h2>
          Order <code>{shortId(placed.orderId)}</code>
        </h2>
        <StatusBadge status={current} />
      </header>
      <Steps current={current} />
      <dl className="ways">
        <Way
          name="Answer to the command"
          seen={{ text: `version ${placed.version} is committed`, ms: placed.answeredMs }}
        />
        <Way name="Read without waiting" seen={plain} />
        <Way name="Read your own write" note={`minVersion=${placed.version}`} seen={own} />
        <Way name="Watch it" note="watchOrder" seen={watched} />
      </dl>
      <NextStep orderId={placed.orderId} />
      <CorrelationId id={placed.correlationId} />
    </section>
  );
}

function Steps({ current }: { readonly current: OrderStatus }) {
  const reached = STEPS.indexOf(current);
  return (
    <ol className="steps">
      {STEPS.map((status, index) => (
        <li
          key={status}
          className={index <= reached ? 'done' : ''}
          aria-current={index === reached ? 'step' : undefined}
        >
          <i>{index <= reached && <CheckIcon />}</i>
          {status.charAt(0).toUpperCase() + status.slice(1)}
        </li>
      ))}
    </ol>
  );
}

function Way({ name, note, seen }: { readonly name: string; readonly note?: string; readonly seen: Seen | undefined }) {
  return (
    <div>
      <dt>
        {name}
        {note !== undefined && <code className="faint">{note}</code>}
      </dt>
      <dd>
        {seen === undefined ? (
          <span className="faint">waiting …</span>
        ) : (
          <>
            {seen.text}
            {seen.ms !== undefined && <strong>{seen.ms === 'live' ? 'live' : formatDuration(seen.ms)}</strong>}
          </>
        )}
      </dd>
    </div>
  );
}

/** Where the order goes on: as an admin on a developer machine, or to its page. */
function NextStep({ orderId }: { readonly orderId: string }) {
  const { session, switchTo } = useConsole();
  const [, navigate] = useLocation();
  const path = `/orders/${encodeURIComponent(orderId)}`;
  const admin = session.callers.find((caller) => hasRole(caller, 'admin'));
  return (
    <div className="row">
      <Link href={path} className="button">
        Open the order
      </Link>
      {admin !== undefined && (
        <button
          type="button"
          className="button"
          onClick={() => {
            switchTo(admin.id);
            navigate(path);
          }}
        >
          Confirm it as admin
        </button>
      )}
    </div>
  );
}
