/** Axes: round numbers to label, and the place of a value. */

export interface Axis {
  readonly ticks: readonly number[];
  /** Decimals that tell the ticks apart. */
  readonly decimals: number;
  /** The place of a value between `from` and `to`, rounded to a tenth. */
  at(value: number): number;
}

/**
 * An axis that holds `least` and `most`, with some five labels at multiples of 1, 2 or 5 · 10^k.
 * @param from place of its beginning, in units of the drawing; `to`: of its end
 */
export function axis(least: number, most: number, from: number, to: number): Axis {
  // Where all is the same, or nearly, there is still something to draw.
  const top = Math.max(most, least + (Math.abs(least) * 1e-6 || 1e-6));
  const step = roundStep((top - least) / 4);
  const first = Math.floor(least / step + 1e-9);
  const count = Math.ceil(top / step - 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => (first + i) * step);
  const [begin, end] = [ticks[0], ticks[ticks.length - 1]];
  return {
    ticks,
    decimals: Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))),
    at: (value) => Math.round((from + ((value - begin) / (end - begin)) * (to - from)) * 10) / 10,
  };
}

/** The least of 1, 2, 5 · 10^k that isn't below. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5].find((factor) => factor * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}
