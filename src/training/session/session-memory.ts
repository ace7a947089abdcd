/** The memory of a session: how much it takes, and the weights that move there. */
import { expectMemory } from '../../checks/detached.ts';
import { createKernels, type KernelMemory, newWasmMemory } from '../../kernels/index.ts';
import type { Layer } from '../../layers/layer.ts';
import { type Metric, widthOf } from '../../metrics/metric.ts';
import { Arena } from '../../model/arena.ts';
import type { Plan } from '../../model/plan.ts';
import { type ParameterMemory, StepMemory, type StepMemoryOptions } from '../../model/step-memory.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { newBuffer } from '../../tensor/memory.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { SessionDescription } from './job.ts';

/** A WebAssembly page; also the granularity of its memory. */
const PAGE = 65536;

/** Every engine gives so many bytes, unless the system keeps it from that. */
const SMALL = 2 ** 28;

/** What a session does, as objects: of the user's own making on the calling thread, made from the description elsewhere. */
export interface Work {
  readonly plan: Plan;
  readonly metrics: readonly Metric[];
  /** null: nothing is trained. */
  readonly optimizer: Optimizer | null;
  /** The most that the session's memory may take, in units of 2^20 bytes; no limit unless given. */
  readonly memoryMB?: number;
}

/** What decides how much memory a session takes. */
type Sized = Pick<SessionDescription, 'batch' | 'kernel' | 'workers'>;

/** What a session's memory is for. */
export function memoryOptions(
  { batch, workers }: Pick<Sized, 'batch' | 'workers'>,
  { metrics, optimizer }: Work,
): StepMemoryOptions {
  return { batch, workers, metrics: metrics.map(widthOf), optimizer, infers: !optimizer };
}

/** Bytes of memory that a session needs. */
export function sessionBytes(sized: Sized, work: Work): number {
  const arena = new Arena('float32', null);
  new StepMemory(work.plan, createKernels(sized.kernel, null), memoryOptions(sized, work), arena);
  return arena.bytes;
}

/** @throws RangeError where it is more than `work` allows or the engine gives. */
export function allocateMemory(description: Sized, work: Work, shared: boolean): KernelMemory {
  const { batch, kernel } = description;
  const bytes = sessionBytes(description, work);
  const gigabytes = (bytes / 2 ** 30).toFixed(1);
  const step = `a step of ${batch} ${batch === 1 ? 'sample' : 'samples'} needs ${gigabytes} GB`;
  const { memoryMB = Infinity } = work;
  if (bytes > memoryMB * 2 ** 20) {
    throw new RangeError(
      `${step}, and may take ${memoryMB} MB: ${batch > 1 ? 'lower batchSize, or ' : ''}raise model.memoryMB (on the command line: --memory)`,
    );
  }
  try {
    if (kernel === 'plain') return newBuffer(bytes, shared);
    return newWasmMemory(kernel, Math.ceil(bytes / PAGE), shared);
  } catch (error) {
    // Small enough for any engine: the step isn't the reason.
    if (bytes < SMALL && error instanceof RangeError) throw error;
    throw new RangeError(`${step} in one piece, which this engine doesn't give: lower batchSize`);
  }
}

/**
 * Moves layers' weights here from wherever they are: in another session of this model, or of one that shares layers.
 * @returns how many were elsewhere
 */
export function takeWeights(parameters: ReadonlyMap<Layer, readonly ParameterMemory[]>): number {
  let taken = 0;
  for (const [layer, memories] of parameters) {
    for (const [p, parameter] of layer.parameters.entries()) {
      const { value } = memories[p];
      if (parameter.value?.data === value) continue;
      expectMemory(layer.name, parameter.name, parameter.value);
      if (parameter.value) value.set(parameter.value.data);
      parameter.value = new Tensor(value, parameter.shape);
      taken++;
    }
  }
  return taken;
}
