import { DateField } from '../parts/date-field.tsx';
import { type DayRange, lastDays } from './days.ts';

const PRESETS = [7, 30, 90, 365];

interface RangeFieldsProps {
  readonly range: DayRange;
  readonly onRange: (range: DayRange) => void;
  readonly currencies: readonly string[];
  readonly currency: string | undefined;
  readonly onCurrency: (currency: string) => void;
}

/** Which days are shown, and in which currency when there are several. */
export function RangeFields({ range, onRange, currencies, currency, onCurrency }: RangeFieldsProps) {
  const change = (part: Partial<DayRange>) => {
    const { from, to } = { ...range, ...part };
    if (from !== '' && to !== '') onRange({ from, to }); // somebody empties a field before they fill it
  };
  return (
    <search className="range-fields">
      <fieldset className="row">
        <legend className="hidden-text">Last days</legend>
        {PRESETS.map((count) => {
          const preset = lastDays(count, Date.now());
          const isChosen = preset.from === range.from && preset.to === range.to;
          return (
            <button
              key={count}
              type="button"
              className={isChosen ? 'button primary' : 'button'}
              aria-pressed={isChosen}
              onClick={() => onRange(preset)}
            >
              {count} days
            </button>
          );
        })}
      </fieldset>
      <DateField label="From" value={range.from} max={range.to} onChange={(from) => change({ from })} />
      <DateField label="To" value={range.to} min={range.from} onChange={(to) => change({ to })} />
      {currencies.length > 1 && (
        <label className="field">
          <span>Currency</span>
          <select className="input" value={currency} onChange={(event) => onCurrency(event.target.value)}>
            {currencies.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      )}
    </search>
  );
}
