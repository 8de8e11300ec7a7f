/** A Markdown table. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A number with two significant digits, or all of its integer digits below 1,000: 0.42, 7.3, 85, 1,300. */
export function rounded(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '–';
  const digits = value >= 100 && value < 1_000 ? 3 : 2;
  return Number(value.toPrecision(digits)).toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** A size that is chosen, such as a number of partitions. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
