/** Loss and metrics of a data set, in inference: `evaluate`, and validation within `fit`. */
import type { Logs } from '../callbacks/callback.ts';
import type { CallbackList } from '../callbacks/callback-list.ts';
import type { Compiled } from '../compiled.ts';
import type { DataSet } from '../session/job.ts';
import { blocks, jobs } from './batches.ts';
import { type Engine, makeResults } from './engine.ts';
import { RunningMean } from './running-mean.ts';

/** How a data set is measured. */
export interface MeasureOptions {
  readonly batch: number;
  /** Stands before the figures' names: `val_` within `fit`. */
  readonly prefix: string;
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
}

/** Mean loss and metrics over all samples of `data`. */
export async function measure(
  engine: Engine,
  compiled: Compiled,
  data: DataSet,
  { batch, prefix, callbacks, signal }: MeasureOptions,
): Promise<Logs> {
  const { samples } = data;
  const session = engine.session(compiled, Math.min(batch, samples));
  const results = makeResults(compiled, samples);
  const mean = new RunningMean(compiled.metrics);
  const { everyBatch } = callbacks;
  for (const job of jobs(0, samples, { batch, pace: session.paces.evaluate, everyBatch })) {
    signal?.throwIfAborted();
    await session.run({ kind: 'evaluate', data, ...job, results });
    for (const { from, to } of blocks(job.from, job.to, batch)) mean.add(results, from, to);
    const info = { seen: job.to, samples };
    await callbacks.call('onTestBatchEnd', info);
    await callbacks.call('onProgress', { mode: 'test', ...info }, mean.logs(prefix));
  }
  return mean.logs(prefix);
}
