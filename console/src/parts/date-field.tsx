/** A UTC day, or none. */
export function DateField({
  label,
  onChange,
  ...range
}: {
  readonly label: string;
  /** `YYYY-MM-DD`, or empty. */
  readonly value: string;
  readonly min?: string;
  readonly max?: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label className="field">
      <span>{label}</span>
      <input className="input" type="date" {...range} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}
