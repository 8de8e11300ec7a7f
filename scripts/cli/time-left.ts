/**
 * Formats the time that is left: `1 min 5 s left`, `2 h 10 min left`.
 * @param seconds not a number while the time is unknown
 */
export function formatTimeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'time left unknown';
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.ceil(seconds)} s left`;
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}
