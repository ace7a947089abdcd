/** Many inputs to one reader, in batches that can each be run again from their seed. */
import fc from 'fast-check';
import { examine, type Input, MemoryFailure, type Outcome, type Reader } from './harness.ts';
import { collectGarbage, highWater, measure, processorTime } from './measure.ts';

export interface Tally {
  readonly reader: string;
  inputs: number;
  /** Milliseconds, making the inputs included. */
  time: number;
  /** Milliseconds of processor time of the slowest input. */
  slowest: number;
  /** Inputs that stood out, and were measured alone. */
  measured: number;
  /** Numbers of outcomes, by kind and rule. */
  readonly outcomes: Map<string, Map<string, number>>;
  failure: Failure | null;
}

export interface Failure {
  readonly message: string;
  /** Of the batch. */
  readonly seed: number;
  /** The least input that fails, as far as fast-check found one. */
  readonly input: Input;
}

export interface Campaign {
  /** Of the first batch; every other's is one higher. */
  readonly seed: number;
  readonly runs: number;
  /** Called with every input before it is read, and with null when nothing is. */
  onInput?(input: Input | null): void;
  /** Called after every batch. */
  onBatch?(tally: Tally): void;
}

/** Inputs that one seed makes. */
const BATCH = 10_000;
/** An input is measured alone if it raised the process's memory by so much, in bytes; */
const STEP_OF_MEMORY = 16 * 2 ** 20;
/** or took so much of the processor, in milliseconds, and more than any before it. */
const LONG = 300;
/** Inputs after which the engine may clean up: promises alone would never let it, and zlib's streams wait for that. */
const TURN = 50;

/** Runs until all inputs are read, or one fails. */
export async function campaign(
  reader: Reader,
  { seed, runs, onInput = () => {}, onBatch = () => {} }: Campaign,
): Promise<Tally> {
  const tally: Tally = {
    reader: reader.name,
    inputs: 0,
    time: 0,
    slowest: 0,
    measured: 0,
    outcomes: new Map(),
    failure: null,
  };
  let turns = 0;
  for (let batchSeed = seed; tally.inputs < runs && !tally.failure; batchSeed++) {
    const begin = performance.now();
    const property = fc.asyncProperty(reader.inputs, async (input) => {
      onInput(input);
      const [start, height] = [processorTime(), highWater()];
      count(tally, await examineTwice(reader, input));
      const time = processorTime() - start;
      if (highWater() - height > STEP_OF_MEMORY || (time > LONG && time > tally.slowest)) {
        await measure(reader, input);
        tally.measured++;
      }
      tally.slowest = Math.max(tally.slowest, time);
      onInput(null);
      if (++turns % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    });
    const numRuns = Math.min(BATCH, runs - tally.inputs);
    const details = await fc.check(property, { seed: batchSeed, numRuns });
    tally.inputs += details.numRuns;
    tally.time += performance.now() - begin;
    if (details.failed) {
      const { errorInstance, counterexample } = details;
      const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
      // A property that fails has a counterexample, of the property's one argument.
      tally.failure = { message, seed: batchSeed, input: (counterexample as [Input])[0] };
    }
    onBatch(tally);
  }
  return tally;
}

/** Once more, with the heap tidied up, where memory was taken: one in some million inputs meets the engine at work on its own. */
async function examineTwice(reader: Reader, input: Input): Promise<Outcome> {
  try {
    return await examine(reader, input);
  } catch (error) {
    if (!(error instanceof MemoryFailure)) throw error;
    collectGarbage();
    return examine(reader, input);
  }
}

/** What came of the inputs at a reader's limits. */
export interface EdgeTally {
  inputs: number;
  /** Milliseconds of processor time of the slowest. */
  slowest: number;
  /** Bytes at the height of the largest. */
  largest: number;
  readonly failures: Failure[];
}

/** Measures a reader's inputs at its limits, each alone; their numbers are in place of a seed. */
export async function edgeCampaign(
  reader: Reader,
  onInput: (input: Input | null) => void = () => {},
): Promise<EdgeTally> {
  const tally: EdgeTally = { inputs: 0, slowest: 0, largest: 0, failures: [] };
  for (const input of reader.edges?.() ?? []) {
    onInput(input);
    try {
      const { time, memory } = await measure(reader, input);
      tally.slowest = Math.max(tally.slowest, time);
      tally.largest = Math.max(tally.largest, memory);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      tally.failures.push({ message, seed: tally.inputs, input });
    } finally {
      onInput(null);
    }
    tally.inputs++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return tally;
}

function count({ outcomes }: Tally, { kind, rule }: Outcome): void {
  let rules = outcomes.get(kind);
  if (!rules) {
    rules = new Map();
    outcomes.set(kind, rules);
  }
  rules.set(rule, (rules.get(rule) ?? 0) + 1);
}
