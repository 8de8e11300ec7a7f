import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { toCurl } from '../api/copy-as-curl.ts';
import { formatMoney } from '../format/numbers.ts';
import { formatDateTime } from '../format/times.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { BackIcon } from '../parts/icons.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { hasRole } from '../session/callers.ts';
import { useConsole } from '../session/session-context.tsx';
import { AsOfVersion } from './as-of-version.tsx';
import { CommandTrace } from './command-trace.tsx';
import { type AnyOrder, isFull } from './order.ts';
import { OrderActions } from './order-actions.tsx';
import { OrderHistory } from './order-history.tsx';
import { OrderItems } from './order-items.tsx';
import './orders.css';
import { useActions } from './use-actions.ts';
import { useOrder } from './use-order.ts';
import { WriteAndRead } from './write-and-read.tsx';

/** An order with everything that is known about it, and the commands that it allows. */
export function OrderPage({ orderId }: { readonly orderId: string }) {
  const state = useOrder(orderId);
  const actions = useActions(orderId, state);
  const { order, failure, isAhead, pushed } = state;
  const last = useLastCommand(actions.last, pushed);
  return (
    <div className="stack">
      <Link href="/orders" className="back small">
        <BackIcon />
        All orders
      </Link>
      {failure !== undefined && (
        <>
          <div>
            <KnownSince {...state} />
          </div>
          <ProblemMessage failure={failure} />
        </>
      )}
      {order === undefined && failure === undefined && <div className="skeleton rows" />}
      {order !== undefined && (
        <>
          <OrderHead order={order} isAhead={isAhead}>
            <OrderActions orderId={orderId} status={order.status} actions={actions} />
          </OrderHead>
          <div className="order-columns">
            <OrderContent order={order} />
            <div className="stack">
              {last !== undefined && <CommandTrace last={last} />}
              <section className="card">
                <header>
                  <h2>History</h2>
                </header>
                <OrderHistory history={order.history ?? []} />
              </section>
              <Delivery order={order} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}

/** The last command, with the moment its change was pushed to this page. */
function useLastCommand(
  last: ReturnType<typeof useActions>['last'],
  pushed: ReturnType<typeof useOrder>['pushed'],
): ReturnType<typeof useActions>['last'] {
  const arrivals = useRef(new Map<number, number>());
  useEffect(() => {
    if (pushed !== undefined && !arrivals.current.has(pushed.version)) arrivals.current.set(pushed.version, pushed.at);
  }, [pushed]);
  if (last === undefined) return undefined;
  const arrivedAt = pushed?.version === last.version ? pushed.at : arrivals.current.get(last.version);
  if (arrivedAt === undefined) return last;
  return { ...last, steps: [...last.steps, { name: 'Pushed to this page', ms: Math.max(0, arrivedAt - last.sentAt) }] };
}

function OrderHead({
  order,
  isAhead,
  children,
}: {
  readonly order: AnyOrder;
  readonly isAhead: boolean;
  readonly children: React.ReactNode;
}) {
  const { apiUrl } = useConsole().session;
  const path = `/orders/${encodeURIComponent(order.orderId)}?include=history,tracking`;
  return (
    <div className="order-head">
      <div>
        <div className="row">
          <h1>{isFull(order) ? formatMoney(order.total, order.currency) : order.customerName}</h1>
          <StatusBadge status={order.status} />
          {isAhead && <span className="small faint">on its way to the read model …</span>}
        </div>
        <p className="soft">
          {isFull(order) && `${order.customerName}, `}
          {order.placedAt === null ? 'not placed yet' : `placed ${formatDateTime(order.placedAt)}`}
        </p>
        <div className="row">
          <code className="faint">{order.orderId}</code>
          <CopyButton text={toCurl(apiUrl, { method: 'GET', path })}>Copy as curl</CopyButton>
        </div>
      </div>
      <div className="order-tools">{children}</div>
    </div>
  );
}

function OrderContent({ order }: { readonly order: AnyOrder }) {
  const { caller } = useConsole().session;
  return (
    <div className="stack">
      <section className="card">
        <header>
          <h2>Items</h2>
        </header>
        <OrderItems order={order} />
      </section>
      {hasRole(caller, 'admin', 'customer') && (
        <>
          <AsOfVersion orderId={order.orderId} newest={order.version} />
          <WriteAndRead orderId={order.orderId} version={order.version} />
        </>
      )}
    </div>
  );
}

function Delivery({ order: { shippingAddress: address, tracking } }: { readonly order: AnyOrder }) {
  return (
    <section className="card">
      <header>
        <h2>Delivery</h2>
      </header>
      <dl className="facts">
        <div>
          <dt>Address</dt>
          <dd>
            {address === null
              ? 'none yet'
              : [address.street, `${address.zip} ${address.city}`, address.country].filter(Boolean).join(', ')}
          </dd>
        </div>
        <div>
          <dt>Carrier</dt>
          <dd>{tracking === undefined ? 'not shipped yet' : `${tracking.carrier}, ${tracking.trackingNumber}`}</dd>
        </div>
        {tracking?.deliveredAt !== undefined && (
          <div>
            <dt>Delivered</dt>
            <dd>{formatDateTime(tracking.deliveredAt)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
