/** Types of script.mjs, for its test. */
import type { ParseArgsOptionsConfig } from 'node:util';

export function scriptOptions(
  url: string,
  options: ParseArgsOptionsConfig,
): Record<string, string | boolean | (string | boolean)[] | undefined>;
