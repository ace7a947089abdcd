/**
 * TensorFlow Lite's networks as graphs of layers: operators in the file's order, each applied to what those before it gave. Quantised
 * numbers are brought back to real ones once; nothing is rounded or cut off to a tensor's range on the way (only what fused
 * activations cut off), so a quantised network computes here what its weights say, in float32.
 */
import { input, rescaling } from '../../layers/index.ts';
import type { Layer, SymbolicTensor } from '../../layers/layer.ts';
import { Network } from '../../model/network.ts';
import { type Shape, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { asFormatError, FormatError } from '../errors.ts';
import { expectedTensors } from '../expected-tensors.ts';
import type { ModelConfig } from '../model.ts';
import { chosenOutput, type Output, severalOutputs } from '../outputs.ts';
import type { Call } from './call.ts';
import { foldDilations } from './dilation.ts';
import { isSame, makerOf, readOperators } from './layers.ts';
import { layerNames, once } from './names.ts';
import { type OperatorInfo, readTflite, type TensorInfo, type TfliteFile } from './schema.ts';
import { foldSelects } from './selects.ts';
import { computedNumbers, SHAPES } from './shape-numbers.ts';
import { Constants } from './weights.ts';

/** Layers and weights of a file. */
export interface TfliteNetwork extends ModelConfig {
  /** In the order of the model's parameters. */
  readonly weights: readonly Tensor[];
  /** Types of weights that were none of float32. */
  readonly quantized: readonly string[];
  /** The input is of whole numbers, so that a rescaling is first. */
  readonly takesPixels: boolean;
}

/**
 * The network of a TensorFlow Lite file.
 * @param file what messages call it
 * @throws FormatError, in one line, where it is damaged, or has what degelo lacks: which operator, where, and what to do.
 */
export function parseTflite(bytes: Uint8Array, file: string, output: Output | null = null): TfliteNetwork {
  const tflite = readTflite(bytes, file);
  return asFormatError(file, () => new Reading(tflite, bytes.length, file).network(output));
}

/** One file being read. */
class Reading {
  readonly #tflite: TfliteFile;
  readonly #file: string;
  readonly #constants: Constants;
  /** What operators gave, by the tensor's number. */
  readonly #given = new Map<number, SymbolicTensor>();
  /** Tensors that the output needs. */
  readonly #needed = new Set<number>();
  /** Tensors that hold shapes: their numbers, of one sample, or null where these aren't known. */
  readonly #shapes = new Map<number, readonly number[] | null>();
  /** Constants in another type, by the tensor that a DEQUANTIZE gives. */
  readonly #constant = new Map<number, TensorInfo>();
  readonly #weights = new Map<Layer, readonly Tensor[]>();
  readonly #layers: Layer[] = [];
  readonly #taken = new Set<string>();

  constructor(tflite: TfliteFile, bytes: number, file: string) {
    this.#tflite = tflite;
    this.#file = file;
    this.#constants = new Constants(bytes, file);
  }

  network(output: Output | null): TfliteNetwork {
    const start = this.#single('input', this.#tflite.inputs);
    const end = this.#single('output', output === null ? this.#tflite.outputs : this.#chosen(output));
    const chosen = foldSelects(this.#tflite.operators, (tensor) => this.#numberOf(tensor));
    const operators = this.#leadingTo(end.index, foldDilations(chosen));
    const { model, names } = layerNames(
      operators.map(({ name, outputs }) => (makerOf(name) ? this.#nameOf(outputs) : '')),
    );
    for (const name of names) if (name !== undefined) this.#taken.add(name);

    const first = this.#begin(start);
    for (const [i, operator] of operators.entries()) this.#read(operator, names[i]);
    const last = this.#given.get(end.index);
    if (!last || last === first)
      throw this.#error('the output must come from the input by operators: they never meet');

    const network = new Network({
      inputs: first,
      outputs: last,
      layers: this.#layers,
      name: model || 'tflite',
      initialize: false,
    });
    const config = { ...network.toConfig(), inputShape: network.inputShape };
    expectedTensors({ network: config }); // not too many layers
    const at = new Map<Layer, number>();
    const weights = network.parameters().map(({ layer }) => {
      const place = at.get(layer) ?? 0;
      at.set(layer, place + 1);
      return (this.#weights.get(layer) as readonly Tensor[])[place]; // whoever put it has given as many
    });
    return {
      network: config,
      step: 0,
      compile: null,
      weights,
      quantized: this.#constants.converted,
      takesPixels: start.type !== 'float32',
    };
  }

  #chosen(output: Output): readonly number[] {
    const { outputs } = this.#tflite;
    const names = outputs.map((index) => [this.#tflite.tensor(index).name]);
    return [outputs[chosenOutput(names, output)]];
  }

  #single(what: string, indices: readonly number[]): TensorInfo {
    if (indices.length === 1) return this.#tflite.tensor(indices[0]);
    const names = indices.slice(0, 5).map((index) => this.#tflite.tensor(index).name || `tensor ${index}`);
    const advice = what === 'output' && names.length > 0 ? `: ${severalOutputs(names[0])}` : '';
    throw this.#error(
      `a network of one ${what} is read, as those that classify images have, got ${indices.length}${names.length > 0 ? ` (${names.join(', ')})` : ''}${advice}`,
    );
  }

  /** The operators that the output needs, in the file's order. Others (a second head, its shapes) are left out. */
  #leadingTo(end: number, operators: readonly OperatorInfo[]): OperatorInfo[] {
    const makers = new Map<number, OperatorInfo>();
    for (const operator of operators) for (const output of operator.outputs) makers.set(output, operator);
    const needed = new Set<OperatorInfo>();
    const waiting = [end];
    for (let tensor = waiting.pop(); tensor !== undefined; tensor = waiting.pop()) {
      this.#needed.add(tensor);
      const maker = makers.get(tensor);
      if (!maker || needed.has(maker)) continue;
      needed.add(maker);
      for (const input of maker.inputs) waiting.push(input);
    }
    return operators.filter((operator) => needed.has(operator));
  }

  /** The one real number of a constant tensor; null: it is none. */
  #numberOf(index: number): number | null {
    if (!(index >= 0)) return null; // a damaged file may name none
    const info = this.#tflite.tensor(index);
    const isReal = info.type.startsWith('float') || info.quantization !== null;
    const isOne = info.data && isReal && !info.isSparse && !info.isVariable && sizeOf(info.shape) === 1;
    return isOne ? this.#constants.real(info).data[0] : null;
  }

  /** The input; where it is of whole numbers, a rescaling makes real ones of pixels from 0 to 255. */
  #begin(info: TensorInfo): SymbolicTensor {
    const { type, quantization, index } = info;
    const shape = this.#sample(info);
    const [name] = layerNames([info.name]).names;
    const start = input({ shape, name: once(name ?? 'input', this.#taken) });
    this.#layers.push(start.layer);
    if (type === 'float32') {
      this.#given.set(index, start);
      return start;
    }
    if (type !== 'uint8' && type !== 'int8') {
      throw this.#error(`the input must be float32, uint8 or int8, got ${type} (${info.name})`);
    }
    // int8 holds pixels less 128. Without a scale the numbers stand for themselves.
    const scale = quantization?.scales[0] ?? 1;
    const zeroPoint = (quantization?.zeroPoints[0] ?? 0) + (type === 'int8' ? 128 : 0);
    const layer = rescaling({ name: once('rescaling', this.#taken), scale, offset: 0 - scale * zeroPoint });
    this.#layers.push(layer);
    this.#given.set(index, layer.apply(start));
    return start;
  }

  #read(operator: OperatorInfo, name: string | undefined): void {
    const { outputs, inputs } = operator;
    const [output] = outputs;
    if (this.#isShape(operator)) {
      this.#shapes.set(output, this.#computed(operator));
      return;
    }
    if (isSame(operator.name)) {
      const given = this.#given.get(inputs[0]);
      if (given) this.#given.set(output, given);
      else this.#constant.set(output, this.#info(operator, inputs[0]));
      return;
    }
    for (const [place, each] of outputs.entries()) {
      const maker = makerOf(operator.name, place);
      if (!this.#needed.has(each)) continue;
      if (!maker) throw this.#unknown(operator, place);
      this.#make(operator, maker, each, place === 0 || name === undefined ? name : `${name}_part_${place}`);
    }
  }

  /** One of an operator's outputs. */
  #make(
    operator: OperatorInfo,
    maker: (call: Call) => SymbolicTensor,
    output: number,
    name: string | undefined,
  ): void {
    const info = this.#tflite.tensor(output);
    try {
      const made = maker(this.#call(operator, info, name));
      if (!isOpen(info) && info.shape.length > 0 && !isInOtherWords(made.shape, info)) {
        this.#expectShape(operator, made.shape, this.#sample(info));
      }
      this.#given.set(output, made);
    } catch (cause) {
      if (!(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
      throw this.#refused(operator, cause.message, cause);
    }
  }

  #unknown(operator: OperatorInfo, place: number): FormatError {
    const { outputs } = operator;
    if (place > 0) return this.#refused(operator, `one output is read, got ${outputs.length}`);
    if (/VARIABLE|VAR_HANDLE|CALL_ONCE/.test(operator.name)) {
      return this.#refused(
        operator,
        'weights must be constant, got variables: TFLiteConverter.from_keras_model makes constants of them',
      );
    }
    return this.#refused(
      operator,
      `degelo has no layer for it. Load the Keras model that the file was made of, or cut the network before it. Known: ${readOperators().join(', ')}`,
    );
  }

  #computed(operator: OperatorInfo): readonly number[] | null {
    const { name, inputs } = operator;
    if (name !== 'SHAPE') {
      return computedNumbers(
        operator,
        inputs.map((input) => this.#shapes.get(input) ?? this.#wholeNumbers(operator, input)),
      );
    }
    const given = this.#given.get(inputs[0]);
    // What is here as an image may be rows in the file.
    const isSame = given && given.shape.length + 1 === this.#tflite.tensor(inputs[0]).shape.length;
    return isSame ? [1, ...given.shape] : null;
  }

  #wholeNumbers(operator: OperatorInfo, input: number): readonly number[] | null {
    const isConstant = input >= 0 && !this.#shapes.has(input) && this.#tflite.tensor(input).data !== null;
    return isConstant ? this.#constants.whole(this.#info(operator, input)) : null;
  }

  /** Whether an operator computes with shapes only. */
  #isShape({ name, inputs }: OperatorInfo): boolean {
    if (name === 'SHAPE') return true;
    const areShapes = (input: number): boolean => this.#shapes.has(input) || !this.#given.has(input);
    return (
      SHAPES.includes(name) && inputs.some((input) => this.#shapes.has(input)) && inputs.every(areShapes)
    );
  }

  #call(operator: OperatorInfo, output: TensorInfo, name: string | undefined): Call {
    const { inputs } = operator;
    const outputShape = (): Shape => this.#outputShape(operator, output);
    return {
      options: (type) => operator.options(type),
      count: inputs.length,
      input: (i) => {
        const given = this.#given.get(inputs[i]);
        if (given) return given;
        throw new RangeError(
          `input ${i} must come from an operator before it, got ${this.#whatIs(inputs[i])}`,
        );
      },
      constant: (i) => {
        const info = this.#constantInfo(operator, i);
        return info && this.#constants.real(info);
      },
      spend: (i, count) => {
        const info = this.#constantInfo(operator, i);
        if (info) this.#constants.spend(count, info);
      },
      whole: (i) => {
        const computed = this.#shapes.get(inputs[i]);
        if (computed) return [...computed];
        const info = this.#constantInfo(operator, i);
        if (info) return this.#constants.whole(info);
        throw new RangeError(`input ${i} must be constant, got what an operator gives`);
      },
      get outputShape() {
        return outputShape();
      },
      fixedShape: isOpen(output) || output.shape.length === 0 ? null : this.#sample(output),
      own: name === undefined ? {} : { name },
      put: (layer, from, weights = []) => {
        if (layer.name !== '' && layer.name !== name) layer.name = once(layer.name, this.#taken);
        this.#layers.push(layer);
        this.#weights.set(layer, weights);
        return layer.apply(from);
      },
    };
  }

  /**
   * As the file says it; or, where a reshape's is computed, as that gives it: −1 follows from the others. Several rows, computed for a batch of one, are the sample's
   * own, unless they are its pixels as they are.
   */
  #outputShape({ name, inputs }: OperatorInfo, output: TensorInfo): Shape {
    const computed = name === 'RESHAPE' && isOpen(output) ? this.#shapes.get(inputs[1]) : null;
    if (!computed) return this.#sample(output);
    const [rows, ...sample] = computed;
    return rows > 1 && sample.at(-1) !== this.#given.get(inputs[0])?.shape.at(-1) ? computed : sample;
  }

  /** Input i, if it is constant; null: it isn't, or is left out. */
  #constantInfo(operator: OperatorInfo, i: number): TensorInfo | null {
    const index = operator.inputs[i];
    if (index === undefined || index < 0 || this.#given.has(index) || this.#shapes.has(index)) return null;
    return this.#info(operator, index);
  }

  #info(operator: OperatorInfo, index: number): TensorInfo {
    const info = this.#constant.get(index) ?? this.#tflite.tensor(index);
    if (info.isVariable) throw this.#refused(operator, `tensor ${index} must be constant, got a variable`);
    return info;
  }

  #whatIs(index: number | undefined): string {
    if (index === undefined || index < 0) return 'nothing';
    return this.#tflite.tensor(index).data
      ? `constant tensor ${index}`
      : `tensor ${index}, which nothing has given yet`;
  }

  /** Shape of one sample: without the batch, whose size says nothing of the network. */
  #sample({ index, name, shape, signature }: TensorInfo): Shape {
    const [batch, ...sample] = shape;
    const where = `tensor ${index} (${name.slice(0, 60) || 'without a name'})`;
    if (batch === undefined) throw new RangeError(`${where}: its shape must begin with the batch, got none`);
    if (signature.slice(1).some((size) => size < 0)) {
      throw new RangeError(
        `${where}: sizes of a sample must be fixed, got [${signature}]: save the model with an input of fixed size`,
      );
    }
    return sample;
  }

  #expectShape(operator: OperatorInfo, got: Shape, expected: Shape): void {
    if (got.length === expected.length && got.every((size, d) => size === expected[d])) return;
    throw this.#refused(
      operator,
      `its output must be [${expected}] a sample, as the file says, got [${got}]`,
    );
  }

  #nameOf([output]: readonly number[]): string {
    return output === undefined ? '' : this.#tflite.tensor(output).name;
  }

  #refused({ index, name, outputs }: OperatorInfo, problem: string, cause?: unknown): FormatError {
    const at = this.#nameOf(outputs).split(';')[0].slice(0, 80);
    return this.#error(
      `operator ${index} (${name}${at ? `, ${JSON.stringify(at)}` : ''}): ${problem}`,
      cause,
    );
  }

  #error(problem: string, cause?: unknown): FormatError {
    return new FormatError(this.#file, problem, { cause });
  }
}

/** Whether the file leaves a size of a sample open. */
function isOpen({ signature }: TensorInfo): boolean {
  return signature.slice(1).some((size) => size < 0);
}

function isInOtherWords(got: Shape, info: TensorInfo): boolean {
  return isOfPixels(got, info) || isWithoutBatch(got, info);
}

/** Whether a file has as [n] what is here a row of n numbers: its converter knew that there is one sample. */
function isWithoutBatch(got: Shape, { shape }: TensorInfo): boolean {
  return got.length === 1 && shape.length === 1 && got[0] === shape[0];
}

/** Whether a file has as rows, [N·height·width, channels], what is here as an image: fullyConnected takes each pixel by itself. */
function isOfPixels(got: Shape, { shape, signature }: TensorInfo): boolean {
  const [rows, channels, ...others] = shape;
  const pixels = got.slice(0, -1).reduce((product, size) => product * size, 1);
  const areRows = signature[0] < 0 || (rows > 0 && rows % pixels === 0);
  return got.length > 1 && others.length === 0 && got.at(-1) === channels && areRows;
}
