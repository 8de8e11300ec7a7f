const TIME_SPAN =
  /^(?:(?<days>\d+)\.)?(?<hours>\d{1,2}):(?<minutes>\d{1,2}):(?<seconds>\d{1,2})(?<fraction>\.\d{1,7})?$/;

/**
 * Parses a .NET TimeSpan (`[d.]hh:mm:ss[.fffffff]`), the format of durations in host.json and of fixed timer intervals.
 * @returns milliseconds, or undefined when the text is not a TimeSpan.
 */
export function timeSpanToMs(text: string): number | undefined {
  const parts = TIME_SPAN.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const hours = Number(parts.days ?? 0) * 24 + Number(parts.hours);
  const seconds = (hours * 60 + Number(parts.minutes)) * 60 + Number(parts.seconds) + Number(parts.fraction ?? 0);
  return Math.round(seconds * 1000);
}
