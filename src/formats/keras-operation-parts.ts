/** What the rules for Keras' operations are made of: operands, and the layers that stand for an operation. */
import { isList } from './fields.ts';
import type { JsonObject } from './json.ts';

/** What an operation is applied to: what a layer gives, or numbers, one or as many as there are channels. */
export type Operand = Tensor | Numbers;
export interface Tensor {
  readonly layer: string;
  /** Of a batch, where the file says it. */
  readonly shape: unknown;
}
export interface Numbers {
  readonly numbers: number | readonly number[];
}

/** A layer of Keras: class, options, and what it reads: layers of the model, and others that are made for it. Absent: the operands. */
export interface Replacement {
  readonly className: string;
  readonly options?: JsonObject;
  readonly reads?: readonly Read[];
}
export type Read = string | (Replacement & Required<Pick<Replacement, 'reads'>>);

/** An operation in Keras 3's words. */
export interface Operation {
  readonly name: string;
  readonly operands: readonly Operand[];
  readonly options: JsonObject;
}

export function isTensor(operand: Operand): operand is Tensor {
  return 'layer' in operand;
}

/** As many numbers as there are: 0·x + c. */
export function numbersLike(read: Read, offset: unknown): Read {
  return { className: 'Rescaling', options: { scale: 0, offset }, reads: [read] };
}

export function activation(name: string): Replacement {
  return { className: 'Activation', options: { activation: name } };
}

export function reshaped(sizes: readonly unknown[]): Replacement {
  return { className: 'Reshape', options: { target_shape: sizes } };
}

/** With the sizes of a sample, where the file says them. */
export function withShape(
  operand: Operand,
  make: (sizes: readonly number[]) => Replacement | null,
): Replacement | null {
  const sizes = isTensor(operand) && isList(operand.shape) ? operand.shape.slice(1) : [null];
  const isSize = (size: unknown): size is number => typeof size === 'number';
  return sizes.every(isSize) ? make(sizes) : null;
}

/** An axis among so many, the batch's, which is 0, not allowed; counted from either end. */
export function axisOf(axis: unknown, rank: number): number | null {
  const at = typeof axis === 'number' && axis < 0 ? rank + axis : axis;
  return typeof at === 'number' && at > 0 && at < rank ? at : null;
}
