/** base^exponent for integers ≥ 0 by squaring, lowest bit first: Math.pow's last bits are the engine's to choose. */
export function power(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
