/** A progress bar as text: `━━━━━━━━━━╸─────────`. */

const DONE = '━';
const HALF = '╸';
const LEFT = '─';

/**
 * @param fraction 0 to 1; what lies outside is cut off
 * @param width in columns
 */
export function progressBar(fraction: number, width: number): string {
  const halves = Math.floor(Math.min(1, Math.max(0, fraction)) * width * 2);
  const done = halves >> 1;
  const half = halves & 1;
  return DONE.repeat(done) + HALF.repeat(half) + LEFT.repeat(width - done - half);
}

/**
 * Seconds left if the rest goes as fast as what is done; null where nothing is done yet.
 * @param seconds that `done` took
 */
export function remainingSeconds(done: number, total: number, seconds: number): number | null {
  return done > 0 ? (seconds / done) * (total - done) : null;
}
