import { plural } from '../format/numbers.ts';
import { Dialog } from '../parts/dialog.tsx';
import type { Held } from './holdings.ts';

/** Asks for the customer's id, because nothing brings the data back. */
export function EraseDialog({
  customerId,
  held: { name, holdings },
  busy,
  onErase,
  onClose,
}: {
  readonly customerId: string;
  readonly held: Held;
  readonly busy: boolean;
  readonly onErase: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const personal = holdings.reduce((sum, holding) => sum + holding.personal, 0);
  return (
    <Dialog
      title={`Erase ${name ?? customerId}?`}
      confirm="Erase for good"
      danger
      busy={busy}
      typed={customerId}
      onConfirm={() => void onErase()}
      onClose={onClose}
    >
      <p className="soft">
        {plural(personal, 'personal value')} will be erased everywhere: name, contact details, addresses, shipments and
        reasons. Orders and their amounts remain. This can’t be undone.
      </p>
    </Dialog>
  );
}
