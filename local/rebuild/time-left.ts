/**
 * How long the rest of the work will take if it continues at the same speed, such as `1 min 5 s`.
 * @param done units that are done, at least one
 * @param elapsedMs milliseconds that they took
 */
export function timeLeft(done: number, total: number, elapsedMs: number): string {
  const seconds = Math.ceil(((elapsedMs / done) * (total - done)) / 1_000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
