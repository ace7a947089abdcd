/** A model's outputs for a data set, in inference. */
import { makePlan, outputSize } from '../../model/plan.ts';
import { allocate } from '../../tensor/memory.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { CallbackList } from '../callbacks/callback-list.ts';
import type { Compiled } from '../compiled.ts';
import type { DataSet, Results } from '../session/job.ts';
import { jobs } from './batches.ts';
import type { Engine, Trainee } from './engine.ts';

/** How predictions are made. */
export interface PredictOptions {
  readonly batch: number;
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
}

/** Outputs [samples, …output shape]. @param compiled null: the model wasn't compiled, which predictions don't need. */
export async function predictAll(
  model: Trainee,
  engine: Engine,
  compiled: Compiled | null,
  data: DataSet,
  { batch, callbacks, signal }: PredictOptions,
): Promise<Tensor> {
  const { samples } = data;
  const plan = compiled?.plan ?? makePlan(model, null);
  const size = outputSize(plan);
  const waiting = engine.ready(compiled);
  if (waiting) await waiting;
  const predictions = allocate(samples * size, { shared: engine.threads(compiled).threads > 0 });
  const results: Results = { losses: new Float64Array(0), metrics: [], penalties: null, predictions };
  const session = engine.session(compiled, Math.min(batch, Math.max(1, samples)), 'predict', plan);
  const { everyBatch } = callbacks;
  for (const { from, to } of jobs(0, samples, { batch, pace: session.paces.predict, everyBatch })) {
    signal?.throwIfAborted();
    const part = predictions.subarray(from * size, to * size);
    const job = { kind: 'predict', data, from, to, results: { ...results, predictions: part } } as const;
    await engine.run(session, job, compiled, plan);
    await callbacks.call('onProgress', { mode: 'predict', seen: to, samples }, {});
  }
  return new Tensor(new Float32Array(predictions), [samples, ...model.outputShape]);
}
