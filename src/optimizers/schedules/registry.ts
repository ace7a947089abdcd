/** Schedules by name, as saved models and worker threads' descriptions hold them. */
import { describe } from '../../checks/describe.ts';
import { cosineDecay } from './cosine-decay.ts';
import { exponentialDecay } from './exponential-decay.ts';
import { piecewiseConstantDecay } from './piecewise-constant-decay.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedule.ts';

// Options may come from files: each function validates its own.
const MAKERS: Readonly<Record<string, (options: never) => LearningRateSchedule>> = {
  cosineDecay,
  exponentialDecay,
  piecewiseConstantDecay,
};

/** Whether it is one of ours, which worker threads can make again. */
export function isSchedule(value: unknown): value is LearningRateSchedule {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'at' in value &&
    Object.hasOwn(MAKERS, String(value.name))
  );
}

/** A schedule from its configuration. @throws RangeError for an unknown name, or as the schedule does. */
export function scheduleFromConfig(config: ScheduleConfig): LearningRateSchedule {
  const { name, ...options } = config;
  if (!Object.hasOwn(MAKERS, name)) {
    const known = Object.keys(MAKERS).join(', ');
    throw new RangeError(`learning rate schedule must be one of ${known}, got ${describe(name)}`);
  }
  return MAKERS[name](options as never); // each checks what it gets
}
