import { type ReactNode, type SubmitEvent, useEffect, useId, useRef, useState } from 'react';

/** A question that must be answered before anything else. Escape and the first button close it. */
export function Dialog({
  title,
  confirm,
  danger = false,
  busy = false,
  typed,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  /** The text of the button that answers yes. */
  readonly confirm: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  /** Text to type before the action can be confirmed, because it can't be undone, such as the name of what is deleted. */
  readonly typed?: string;
  readonly onConfirm: (fields: FormData) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const [text, setText] = useState('');
  const isTyped = typed === undefined || text.trim() === typed;
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isTyped) return;
    onConfirm(new FormData(event.currentTarget));
  };
  return (
    <dialog ref={dialog} aria-labelledby={titleId} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id={titleId}>{title}</h2>
        {children}
        {typed !== undefined && (
          <label className="field">
            <span>
              Type <code>{typed}</code> to confirm
            </span>
            <input
              className="input"
              value={text}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
        )}
        <div className="actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Back
          </button>
          <button
            type="submit"
            className={danger ? 'button primary danger' : 'button primary'}
            disabled={busy || !isTyped}
          >
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  );
}
