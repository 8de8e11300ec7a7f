import { useState } from 'react';
import { type CurlRequest, toCurl } from '../api/copy-as-curl.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import type { OrderStatus } from '../parts/status-badge.tsx';
import { hasRole } from '../session/callers.ts';
import { useConsole } from '../session/session-context.tsx';
import { ACTIONS, type ActionFields, type OrderAction } from './actions.ts';
import type { useActions } from './use-actions.ts';

/** What goes into the fields first, so that a demonstration needs no typing. */
const EXAMPLES: Readonly<Record<string, string>> = { carrier: 'UPS', trackingNumber: '1Z999AA10123456784', reason: '' };

/** The commands that the order and the caller's role allow. */
export function OrderActions({
  orderId,
  status,
  actions: { run, busy, failure, clearFailure },
}: {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly actions: ReturnType<typeof useActions>;
}) {
  const { caller } = useConsole().session;
  const [asked, setAsked] = useState<OrderAction>();
  const allowed = ACTIONS.filter(({ from, roles }) => from.includes(status) && hasRole(caller, ...roles));
  const start = (action: OrderAction) => {
    clearFailure();
    if (action.question === undefined) void run(action, NO_FIELDS);
    else setAsked(action);
  };
  const confirm = async (action: OrderAction, form: FormData) => {
    if (await run(action, toFields(form))) setAsked(undefined);
  };
  return (
    <>
      <div className="row">
        {allowed.map((action) => (
          <button
            key={action.name}
            type="button"
            className={classOf(action)}
            disabled={busy}
            onClick={() => start(action)}
          >
            {action.label}
          </button>
        ))}
      </div>
      {failure !== undefined && asked === undefined && <ProblemMessage failure={failure} />}
      {asked !== undefined && (
        <Dialog
          title={`${asked.label}?`}
          confirm={asked.label}
          danger={asked.danger === true}
          busy={busy}
          onConfirm={(form) => void confirm(asked, form)}
          onClose={() => setAsked(undefined)}
        >
          <p className="soft">{asked.question}</p>
          {Object.entries(asked.fields ?? {}).map(([name, label]) => (
            <label key={name} className="field">
              <span>{label}</span>
              <input className="input" name={name} defaultValue={EXAMPLES[name]} required maxLength={200} />
            </label>
          ))}
          {failure !== undefined && <ProblemMessage failure={failure} />}
          <CopyCommand request={requestOf(orderId, asked)} />
        </Dialog>
      )}
    </>
  );
}

/** A button that copies a request as a line for a shell. */
export function CopyCommand({ request }: { readonly request: CurlRequest }) {
  const { apiUrl } = useConsole().session;
  return (
    <div>
      <CopyButton text={toCurl(apiUrl, request)}>Copy as curl</CopyButton>
    </div>
  );
}

const NO_FIELDS: ActionFields = { carrier: '', trackingNumber: '', reason: '' };

function toFields(form: FormData): ActionFields {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return { carrier: text('carrier'), trackingNumber: text('trackingNumber'), reason: text('reason') };
}

function classOf({ danger, name }: OrderAction): string {
  if (danger === true) return 'button danger';
  return name === 'submit' || name === 'confirm' || name === 'ship' || name === 'deliver' ? 'button primary' : 'button';
}

/** The request of an action, with examples of its fields. */
export function requestOf(orderId: string, { name, fields }: OrderAction): CurlRequest {
  const body = fields && Object.fromEntries(Object.keys(fields).map((field) => [field, EXAMPLES[field] || '…']));
  return {
    method: 'POST',
    path: `/orders/${encodeURIComponent(orderId)}/${name}`,
    ...(body !== undefined && { body }),
  };
}
