/** An operator of a TensorFlow Lite file, as what makes its layers sees it. */
import type { Layer, LayerOptions, SymbolicTensor } from '../../layers/layer.ts';
import type { Shape, Tensor } from '../../tensor/tensor.ts';
import type { Table } from './flatbuffer.ts';

/** An operator at its place in the network. */
export interface Call {
  /** Its options, of this type. */
  options(type: number): Table;
  /** How many inputs it has, constant ones too. */
  readonly count: number;
  /** Input i, which an operator before it gave. @throws RangeError where it is constant or missing. */
  input(i: number): SymbolicTensor;
  /** Input i, if it is constant: its real numbers. */
  constant(i: number): Tensor | null;
  /** Says that so many numbers are made of input i, which is constant. @throws FormatError where a file's are more than it can mean. */
  spend(i: number, count: number): void;
  /** The same as constant, of whole numbers. @throws RangeError where it isn't constant. */
  whole(i: number): number[];
  /** Shape of one sample of what it gives, as the file says it. @throws RangeError where it leaves sizes open. */
  readonly outputShape: Shape;
  /** The same; null where sizes are open. */
  readonly fixedShape: Shape | null;
  /** Options of its layer: the name. */
  readonly own: LayerOptions;
  /** Sets a layer's weights, and applies it. */
  put(
    layer: Layer,
    inputs: SymbolicTensor | readonly SymbolicTensor[],
    weights?: readonly Tensor[],
  ): SymbolicTensor;
}

/** Options of a further layer of the same operator. */
export function behind({ own }: Call, what: string): LayerOptions {
  return own.name ? { name: `${own.name}_${what}` } : {};
}
