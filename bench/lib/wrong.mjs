/** What a script says that was called wrongly: one line on stderr, and exit code 2. */
import { existsSync } from 'node:fs';

/** @param {string} line @returns {never} */
export function wrong(line) {
  console.error(line);
  return process.exit(2);
}

/**
 * @param {string} script as it names itself
 * @param {string} value a word that it was given
 * @param {readonly string[]} words those that it knows
 */
export function expectWord(script, value, words) {
  if (!words.includes(value)) wrong(`${script}: expected one of ${words.join(', ')}, got ${value}`);
}

/**
 * @param {string} script
 * @param {string} what the value is
 * @param {string | number} value
 * @param {number} least
 * @returns {number}
 */
export function expectCount(script, what, value, least = 1) {
  const number = Number(value);
  if (value !== '' && Number.isInteger(number) && number >= least) return number;
  return wrong(`${script}: ${what} must be an integer ≥ ${least}, got ${value}`);
}

/**
 * @param {string} script
 * @param {string} what the file is
 * @param {string | undefined} path
 * @returns {string}
 */
export function expectFile(script, what, path) {
  if (path !== undefined && existsSync(path)) return path;
  return wrong(`${script}: expected ${what}, got ${path ?? 'none'}`);
}
