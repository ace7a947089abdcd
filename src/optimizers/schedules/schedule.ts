/** What a learning-rate schedule is: the learning rate as a function of the number of updates, as in Keras. */

/** What it takes to make a schedule again. */
export interface ScheduleConfig {
  readonly name: string;
  readonly [option: string]: number | string | boolean | readonly number[];
}

/** The learning rate of every update. An optimizer takes one in place of a number: `adam({ learningRate: cosineDecay({ … }) })`. */
export interface LearningRateSchedule {
  readonly name: string;
  /** The learning rate of an update; `step` counts from 0, since compile. */
  at(step: number): number;
  getConfig(): ScheduleConfig;
}
