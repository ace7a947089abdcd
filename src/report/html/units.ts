/** Seconds for an axis, in the unit that keeps its labels short. */
const UNITS = [
  { name: 'h', seconds: 3600, from: 3 * 3600 },
  { name: 'min', seconds: 60, from: 180 },
  { name: 's', seconds: 1, from: 0 },
] as const;

export function timeUnit(longest: number): { readonly name: string; readonly seconds: number } {
  return UNITS.find(({ from }) => longest >= from) ?? UNITS[2];
}
