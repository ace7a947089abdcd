/** Loss and metrics in inference: `evaluate`, and validation within `fit`. */
import type { Figures } from '../callbacks/callback.ts';
import type { CallbackList } from '../callbacks/callback-list.ts';
import type { Compiled } from '../compiled.ts';
import type { DataSet } from '../session/job.ts';
import { blocks, jobs } from './batches.ts';
import { type Engine, makeResults } from './engine.ts';
import { RunningMean } from './running-mean.ts';

/** How it is measured. */
export interface MeasureOptions {
  readonly batch: number;
  /** Stands before the figures' names: `val_` within `fit`. */
  readonly prefix: string;
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
}

/** What is measured: one data set, or several that come one by one. */
export type Measured = DataSet | (() => AsyncIterable<DataSet>);

/**
 * Mean loss and metrics over all samples.
 * @throws RangeError where there are none.
 */
export async function measure(
  engine: Engine,
  compiled: Compiled,
  measured: Measured,
  { batch, prefix, callbacks, signal }: MeasureOptions,
): Promise<Figures> {
  const waiting = engine.ready(compiled);
  if (waiting) await waiting;
  const mean = new RunningMean(compiled);
  const { everyBatch } = callbacks;
  const isStream = typeof measured === 'function';
  for await (const data of isStream ? measured() : [measured]) {
    const before = mean.sums.samples;
    const session = engine.session(compiled, Math.min(batch, data.samples), 'evaluate');
    const results = makeResults(compiled, data.samples);
    for (const job of jobs(0, data.samples, { batch, pace: session.paces.evaluate, everyBatch })) {
      signal?.throwIfAborted();
      await engine.run(session, { kind: 'evaluate', data, ...job, results }, compiled);
      for (const { from, to } of blocks(job.from, job.to, batch)) mean.add(results, from, to);
      const info = { seen: before + job.to, samples: isStream ? null : data.samples };
      await callbacks.call('onTestBatchEnd', info);
      await callbacks.call('onProgress', { mode: 'test', ...info }, mean.logs(prefix));
    }
  }
  if (mean.sums.samples === 0) {
    const what = prefix ? 'fit: validationData' : 'evaluate: x';
    throw new RangeError(`${what} must give at least one batch, got none`);
  }
  const { samples } = mean.sums;
  // Only now it is known how many there were.
  if (isStream)
    await callbacks.call('onProgress', { mode: 'test', seen: samples, samples }, mean.logs(prefix));
  return mean.logs(prefix);
}
