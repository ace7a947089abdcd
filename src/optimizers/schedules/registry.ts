/** Schedules by name, as saved models and worker threads' descriptions hold them: ours, each of which its own module makes known. */
import { canonicalName } from '../../registry/aliases.ts';
import { Registry } from '../../registry/registry.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedule.ts';

export const schedules = new Registry<LearningRateSchedule>('learning rate schedule', [
  'cosineDecay',
  'cosineDecayRestarts',
  'exponentialDecay',
  'inverseTimeDecay',
  'piecewiseConstantDecay',
  'polynomialDecay',
]);

/** Whether it is one of ours, which worker threads can make again. */
export function isSchedule(value: unknown): value is LearningRateSchedule {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'at' in value &&
    typeof value.name === 'string' &&
    schedules.isOwn(value.name)
  );
}

/** A schedule from its configuration. @throws RangeError for an unknown name, or as the schedule does. */
export function scheduleFromConfig(
  where: string,
  { name, ...options }: ScheduleConfig,
): LearningRateSchedule {
  const make = schedules.find(canonicalName(name, schedules.names) ?? name);
  if (make) return make(options);
  throw schedules.unknown(`${where}: learning rate schedule`, name);
}
