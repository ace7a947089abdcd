/**
 * Contestants take turns: ours, theirs, ours, theirs … The speed of a machine with other tenants swings by half from
 * minute to minute, so what is compared must be measured within the same seconds.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { medianRatio, summarize } from './statistics.mjs';

/**
 * Somebody who does one unit of work over and over.
 * @typedef {object} Contestant
 * @property {string} name
 * @property {number} threads
 * @property {number} [warmups] turns that don't count; 2 unless told
 * @property {() => Promise<number>} turn does some units, and says how many milliseconds one took
 * @property {() => Promise<void>} close
 * @property {Record<string, string>} [against] more references of its own: the column's name, and the contestant's
 * @property {Record<string, string>} [extra] more columns of its row, as the last turn left them
 */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {number} threads
 * @property {{median: number, min: number, max: number, samples: number}} ms of one unit
 * @property {Record<string, number>} ratios to each reference, medians of pairs: below 1 is faster than it
 * @property {Record<string, string>} [extra]
 */

/** Milliseconds between turns: OpenMP's threads spin for a moment before they sleep, and would be in the next one's way. */
const REST = 30;

/**
 * Several at work at the same time, as one contestant: what the machine gives to so many who needn't wait for one another.
 * Its time is that of the slowest, divided by their number.
 * @param {string} name
 * @param {readonly Contestant[]} contestants
 * @returns {Contestant}
 */
export function atOnce(name, contestants) {
  return {
    name,
    threads: contestants.reduce((sum, { threads }) => sum + threads, 0),
    async turn() {
      const times = await Promise.all(contestants.map(({ turn }) => turn()));
      return Math.max(...times) / contestants.length;
    },
    async close() {
      await Promise.all(contestants.map(({ close }) => close()));
    },
  };
}

/**
 * The same, with so many units a turn: one of a few milliseconds alone would find its threads asleep and its caches cold.
 * @template {Contestant} C
 * @param {C} contestant
 * @param {number} units
 * @returns {C}
 */
export function several(contestant, units) {
  const turn = async () => {
    let sum = 0;
    for (let i = 0; i < units; i++) sum += await contestant.turn();
    return sum / units;
  };
  return { ...contestant, turn };
}

/**
 * @param {readonly Contestant[]} contestants in the order of their turns
 * @param {{rounds: number, references: readonly string[], log: (line: string) => void}} options references: names of
 *   the contestants that all others are divided by
 * @returns {Promise<Row[]>}
 */
export async function interleave(contestants, { rounds, references, log }) {
  for (const { name, warmups = 2, turn } of contestants) {
    log(`  warm-up: ${name}`);
    for (let i = 0; i < warmups; i++) await turn();
  }
  const times = new Map(contestants.map(({ name }) => [name, /** @type {number[]} */ ([])]));
  for (let round = 1; round <= rounds; round++) {
    for (const { name, turn } of contestants) {
      await pause(REST);
      times.get(name).push(await turn());
    }
    const line = contestants.map(({ name }) => `${name} ${times.get(name).at(-1).toFixed(1)}`).join(', ');
    log(`  round ${round} of ${rounds}: ${line} ms`);
  }
  return contestants.map(({ name, threads, against = {}, extra }) => {
    const common = Object.fromEntries(references.map((reference) => [reference, reference]));
    const known = Object.entries({ ...common, ...against }).filter(
      ([, other]) => other !== name && times.has(other),
    );
    const ratios = known.map(([column, other]) => [column, medianRatio(times.get(name), times.get(other))]);
    const ms = summarize(times.get(name));
    return { name, threads, ms, ratios: Object.fromEntries(ratios), ...(extra && { extra }) };
  });
}

/**
 * Makes each contestant, lets them take turns, and closes them, whatever happens.
 * @param {readonly (() => Promise<Contestant | null>)[]} makers null: not installed, which the maker has said itself
 * @param {Parameters<typeof interleave>[1]} options
 */
export async function contest(makers, options) {
  /** @type {Contestant[]} */
  const contestants = [];
  try {
    for (const make of makers) {
      const contestant = await make();
      if (contestant) contestants.push(contestant);
    }
    return contestants.length === 0 ? [] : await interleave(contestants, options);
  } finally {
    for (const { close } of contestants) await close();
  }
}
