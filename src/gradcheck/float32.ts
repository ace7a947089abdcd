/** Gradients in float32, with the kernels that training uses, against those in float64. */
import {
  bufferOf,
  chooseKernel,
  createKernels,
  type KernelChoice,
  type KernelMemory,
  newWasmMemory,
} from '../kernels/index.ts';
import type { KernelName } from '../kernels/kernels.ts';
import { type Examination, Subject, type Workshop } from './subject.ts';

/** A WebAssembly page. */
const PAGE = 65536;

/** Kernels of that name, with memory of so many bytes, all zeros. */
export function newWorkshop(name: KernelName, bytes: number): ReturnType<Workshop> {
  const memory: KernelMemory =
    name === 'plain' ? new ArrayBuffer(bytes) : newWasmMemory(name, Math.ceil(bytes / PAGE));
  return { kernels: createKernels(name, memory), buffer: bufferOf(memory) };
}

/**
 * For each variable of `subject`, whose gradients are there and decisions recorded, ‖float32 − float64‖/‖float64‖.
 * null where there is nothing to compare: the gradient is 0, or float32's rounding decided a ReLU or a maximum otherwise, so
 * that both are on different sides of a kink.
 */
export function compareFloat32(
  subject: Subject,
  examination: Examination,
  kernel: KernelChoice,
): (number | null)[] {
  const name = chooseKernel(kernel);
  const twin = new Subject(examination, createKernels(name, null), (bytes) => newWorkshop(name, bytes));
  twin.gradients();
  twin.decisions.record();
  if (!twin.decisions.equal(subject.decisions)) return subject.variables.map(() => null);
  return subject.variables.map(({ gradient }, v) => {
    const single = twin.variables[v].gradient;
    let difference = 0;
    let norm = 0;
    for (let i = 0; i < gradient.length; i++) {
      difference += (single[i] - gradient[i]) ** 2;
      norm += gradient[i] ** 2;
    }
    return norm === 0 && difference === 0 ? null : Math.sqrt(difference / norm);
  });
}
