/** Checks of layer options, so that every layer's messages read alike. */

/** @throws TypeError where `value` isn't a number, RangeError where it isn't an integer ≥ 1. */
export function positiveInteger(layer: string, option: string, value: unknown): number {
  if (typeof value !== 'number') {
    throw new TypeError(
      `${layer}: ${option} must be a number: expected an integer ≥ 1, got ${describe(value)}`,
    );
  }
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${layer}: ${option} must be an integer ≥ 1, got ${value}`);
  }
  return value;
}

/** @throws TypeError where `value` isn't a number, RangeError where it isn't an integer ≥ 0. */
export function integerAtLeastZero(layer: string, option: string, value: unknown): number {
  if (typeof value !== 'number') {
    throw new TypeError(`${layer}: ${option} must be an integer ≥ 0, got ${describe(value)}`);
  }
  if (!Number.isInteger(value) || value < 0) {
    throw new RangeError(`${layer}: ${option} must be an integer ≥ 0, got ${value}`);
  }
  return value;
}

/** One size for both axes, or [height, width]. Throws as positiveInteger does. */
export function sizePair(layer: string, option: string, value: unknown): [number, number] {
  if (!Array.isArray(value)) {
    const size = positiveInteger(layer, option, value);
    return [size, size];
  }
  if (value.length !== 2) {
    throw new RangeError(`${layer}: ${option} must be one number or two, got [${value}]`);
  }
  return [positiveInteger(layer, option, value[0]), positiveInteger(layer, option, value[1])];
}

/** @throws TypeError where `value` isn't a number, RangeError where it isn't finite and at least 0. */
export function atLeastZero(layer: string, option: string, value: unknown): number {
  if (typeof value !== 'number') {
    throw new TypeError(`${layer}: ${option} must be a number ≥ 0, got ${describe(value)}`);
  }
  if (!(value >= 0 && value < Infinity)) {
    throw new RangeError(`${layer}: ${option} must be at least 0 and finite, got ${value}`);
  }
  return value;
}

/** @throws RangeError where `value` isn't one of `choices`. */
export function oneOf<T extends string>(
  layer: string,
  option: string,
  value: unknown,
  choices: readonly T[],
): T {
  const choice = choices.find((c) => c === value);
  if (choice === undefined) {
    throw new RangeError(`${layer}: ${option} must be one of ${choices.join(', ')}, got ${describe(value)}`);
  }
  return choice;
}

/** @throws RangeError where an option's name isn't known, which is nearly always a slip of the keyboard. */
export function knownOptions(layer: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new RangeError(`${layer}: unknown option ${name}: expected one of ${known.join(', ')}`);
    }
  }
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
