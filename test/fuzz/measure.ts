/**
 * One input alone, measured: processor time, which doesn't grow because others use the machine, and memory at its height,
 * which what is left behind doesn't show. Dear, so it is for the inputs at a reader's limits, and for those that stood out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { examine, FuzzFailure, type Input, mostMemory, type Outcome, type Reader } from './harness.ts';

/** Processor time for one input, in milliseconds. */
export const MOST_TIME = 2000;

setFlagsFromString('--expose-gc');
/** Has the engine free all that nothing refers to. */
export const collectGarbage = runInNewContext('gc') as () => void; // the flag makes it a function

/** What an input took. */
export interface Cost {
  readonly outcome: Outcome;
  /** Milliseconds of processor time, of all threads. */
  readonly time: number;
  /** Bytes of memory more than before, at most; as far as the system tells. */
  readonly memory: number;
}

/** Milliseconds of processor time that the process took so far. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The most memory that the process ever had, in bytes. */
export function highWater(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/**
 * @param mostTime in milliseconds
 * @throws FuzzFailure where the reader did what it may not, or took more of time or memory than it may.
 */
export async function measure(reader: Reader, input: Input, mostTime = MOST_TIME): Promise<Cost> {
  for (let i = 0; i < 2; i++) collectGarbage();
  lowerHighWater();
  const before = process.memoryUsage.rss();
  const start = processorTime();
  const outcome = await examine(reader, input);
  const time = processorTime() - start;
  const memory = Math.max(0, highWater() - before);
  if (time > mostTime) {
    throw new FuzzFailure(`time: expected at most ${mostTime} ms of the processor, got ${Math.round(time)}`);
  }
  const most = mostMemory(reader, input);
  if (hasHighWater && memory > most) {
    throw new FuzzFailure(`memory at its height: expected at most ${most} bytes, got ${memory}`);
  }
  return { outcome, time, memory };
}

/** Whether the system forgets the highest use of memory when it is told to; else only what is kept is measured. */
export const hasHighWater = ((): boolean => {
  try {
    return readFileSync('/proc/self/status', 'utf8').includes('VmHWM') && lowerHighWater();
  } catch {
    return false;
  }
})();

/** Source: proc(5), /proc/PID/clear_refs: 5 sets the peak of resident memory to what it is now. */
function lowerHighWater(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}
