/**
 * The tables of a TensorFlow Lite file that a network needs, as plain objects. Numbers of fields, types and options are those of the
 * schema (tensorflow/compiler/mlir/lite/schema/schema.fbs, version 3):
 *
 *   Model     { version, operator_codes, subgraphs, description, buffers, … }
 *   SubGraph  { tensors, inputs, outputs, operators, name }
 *   Tensor    { shape, type, buffer, name, quantization, …, sparsity, shape_signature }
 *   Operator  { opcode_index, inputs, outputs, builtin_options, … }     inputs and outputs are numbers of tensors; −1: left out
 */
import type { Shape } from '../../tensor/tensor.ts';
import { FormatError } from '../errors.ts';
import { MAX_LAYERS } from '../limits.ts';
import { FlatBuffer, type Table } from './flatbuffer.ts';
import { operatorName } from './operators.ts';

/** What a file begins with, at byte 4. */
export const IDENTIFIER = 'TFL3';
const VERSION = 3;

/** TensorType, by number. */
const TYPES = [
  ...['float32', 'float16', 'int32', 'uint8', 'int64', 'string', 'bool', 'int16', 'complex64', 'int8'],
  ...[
    'float64',
    'complex128',
    'uint64',
    'resource',
    'variant',
    'uint32',
    'uint16',
    'int4',
    'bfloat16',
    'int2',
  ],
];

/** Most dimensions of a tensor. */
const MAX_RANK = 8;

/** How whole numbers stand for others: real = scale·(q − zeroPoint), one of each for all, or for each index along `dimension`. */
export interface Quantization {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly dimension: number;
}

/** A tensor: what an operator gives, or constant numbers. */
export interface TensorInfo {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  /** With the batch, if it has one. */
  readonly shape: Shape;
  /** The same, −1 where a size isn't known before. */
  readonly signature: Shape;
  readonly quantization: Quantization | null;
  readonly isSparse: boolean;
  readonly isVariable: boolean;
  /** Its numbers as they are in the file; null: it isn't constant. */
  readonly data: Uint8Array | null;
}

/** One operator. */
export interface OperatorInfo {
  /** Its place in the file. */
  readonly index: number;
  /** `CONV_2D`; of a custom one `CUSTOM "name"`. */
  readonly name: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Its options, if they are of this type; defaults where there are none. @throws FormatError where they are of another. */
  options(type: number): Table;
}

/** A file's one network. */
export interface TfliteFile {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly OperatorInfo[];
  /** @throws FormatError where there is no such tensor. */
  tensor(index: number): TensorInfo;
}

/**
 * The network of a file.
 * @param file what messages call it
 * @throws FormatError where it isn't TensorFlow Lite's, damaged, or has several graphs.
 */
export function readTflite(bytes: Uint8Array, file: string): TfliteFile {
  const model = new FlatBuffer(bytes, file).root(IDENTIFIER);
  const version = model.uint(0);
  if (version !== VERSION) throw new FormatError(file, `version must be ${VERSION}, got ${version}`);
  const graphs = model.count(2);
  if (graphs !== 1) {
    throw new FormatError(
      file,
      `only networks of one graph are read (no branches or loops of control flow), got ${graphs} subgraphs`,
    );
  }
  const graph = expectTable(model.element(2, 0, 'subgraph 0'), 'subgraph 0', file);
  const count = graph.count(3);
  if (count > MAX_LAYERS)
    throw new FormatError(file, `operators must be at most ${MAX_LAYERS}, got ${count}`);
  const codes = new Map<number, string>();
  const codeOf = (index: number): string => {
    const name = codes.get(index) ?? readCode(model, index, file);
    codes.set(index, name);
    return name;
  };
  const tensors = new Map<number, TensorInfo>();
  return {
    inputs: graph.ints(1),
    outputs: graph.ints(2),
    operators: Array.from({ length: count }, (_, i) => readOperator(graph, i, codeOf, file)),
    tensor(index) {
      const tensor = tensors.get(index) ?? readTensor(model, graph, index, file);
      tensors.set(index, tensor);
      return tensor;
    },
  };
}

/** Numbers above 126 are in a field of their own, which came later. */
function readCode(model: Table, index: number, file: string): string {
  const what = `operator code ${index}`;
  const code = expectTable(model.element(1, index, what), what, file);
  const number = Math.max(code.byte(0), code.int(3));
  const name = operatorName(number);
  return name === 'CUSTOM' ? `CUSTOM ${JSON.stringify(code.text(1).slice(0, 60))}` : name;
}

function readOperator(
  graph: Table,
  i: number,
  codeOf: (index: number) => string,
  file: string,
): OperatorInfo {
  const what = `operator ${i}`;
  const operator = expectTable(graph.element(3, i, what), what, file);
  const name = codeOf(operator.uint(0));
  return {
    index: i,
    name,
    inputs: operator.ints(1),
    outputs: operator.ints(2),
    options(type) {
      const own = operator.type(3);
      if (own === 0 || own === type) return operator.table(4, what) ?? operator.empty();
      throw new FormatError(file, `${what} (${name}): options must be of type ${type}, got ${own}`);
    },
  };
}

function readTensor(model: Table, graph: Table, index: number, file: string): TensorInfo {
  const what = `tensor ${index}`;
  const tensor = expectTable(graph.element(0, index, what), what, file);
  const shape = sizes(tensor, 0, file);
  const signature = sizes(tensor, 7, file);
  const type = tensor.byte(1);
  const quantization = tensor.table(4, `${what}'s quantisation`);
  const [scales, zeroPoints] = [quantization?.floats(2) ?? [], quantization?.longs(3) ?? []];
  return {
    index,
    name: tensor.text(3),
    type: TYPES[type] ?? `type ${type}`,
    shape,
    signature: signature.length === shape.length ? signature : shape,
    quantization:
      quantization && scales.length > 0 ? { scales, zeroPoints, dimension: quantization.int(6) } : null,
    isSparse: tensor.has(6),
    isVariable: tensor.flag(5),
    data: readData(model, tensor.uint(2), what, file),
  };
}

/** A tensor's numbers; buffer 0 is nobody's, and those of what operators give are empty. */
function readData(model: Table, index: number, what: string, file: string): Uint8Array | null {
  if (index === 0) return null;
  const buffer = expectTable(model.element(4, index, `buffer ${index}`), `${what}'s buffer ${index}`, file);
  if (buffer.has(1)) {
    throw new FormatError(
      file,
      `${what}: numbers after the flatbuffer (files of more than 2 GB) aren't read`,
    );
  }
  const data = buffer.bytes(0);
  return data.length === 0 ? null : data;
}

function sizes(tensor: Table, field: number, file: string): Shape {
  const rank = tensor.count(field);
  if (rank <= MAX_RANK) return tensor.ints(field);
  throw new FormatError(file, `${tensor.what}: a shape has at most ${MAX_RANK} sizes, got ${rank}`);
}

function expectTable(table: Table | null, what: string, file: string): Table {
  if (table) return table;
  throw new FormatError(file, `${what} isn't there`);
}
