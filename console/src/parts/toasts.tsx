import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { Outcome } from '../api/use-action.ts';
import { CorrelationId } from './correlation-id.tsx';
import { CloseIcon } from './icons.tsx';

interface ToastText extends Outcome {
  readonly correlationId?: string | undefined;
}

/** A success disappears by itself; a failure stays until it is closed. */
const SHOWN_MS = 8_000;
const MOST = 3;

type Tell = (text: ToastText) => void;
const ToastContext = createContext<Tell>(() => undefined);

/** Returns a function that tells people the outcome of what they did. */
export const useTell = (): Tell => useContext(ToastContext);

interface Toast extends ToastText {
  readonly id: number;
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const tell = useMemo(() => {
    let last = 0;
    return (text: ToastText) => {
      last += 1;
      const id = last;
      setToasts((all) => [...all.slice(1 - MOST), { ...text, id }]);
      if (text.failed !== true) window.setTimeout(() => close(id), SHOWN_MS);
    };
  }, [close]);
  return (
    <ToastContext value={tell}>
      {children}
      <div className="toasts" role="status">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={() => close(toast.id)} />
        ))}
      </div>
    </ToastContext>
  );
}

function ToastCard({ toast, onClose }: { readonly toast: Toast; readonly onClose: () => void }) {
  const { title, detail, correlationId, failed } = toast;
  return (
    <div className={failed === true ? 'toast failed' : 'toast'}>
      <div>
        <strong>{title}</strong>
        {detail !== undefined && <p className="soft">{detail}</p>}
        {correlationId !== undefined && <CorrelationId id={correlationId} />}
      </div>
      <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
        <CloseIcon />
      </button>
    </div>
  );
}
