/**
 * A network as the bytes of an ONNX file: as much of protocol buffers and of ONNX's messages (onnx.proto3) as that
 * takes. Images are NCHW there; with one channel their numbers lie as ours do. The first dense kernel's rows are put
 * into CHW order, so that no transposition costs the runtime time.
 */
import { shapes } from '../lib/networks.mjs';

const FLOAT = 1;
const IR_VERSION = 8;
const OPSET = 13;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** Base-128, lowest seven bits first. @param {number} value ≥ 0 */
function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
/** Field with a number. */
const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
/** Field with bytes, text or a message, its length before it. */
const bytes = (field, value) => {
  const content = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
};
const message = (...fields) => Buffer.concat(fields);

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9. */
export const tensorProto = (name, dims, data) =>
  message(
    ...dims.map((dim) => number(1, dim)),
    number(2, FLOAT),
    bytes(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );

/** AttributeProto: name 1, i 3 or ints 8, type 20. */
const attribute = (name, value) =>
  Array.isArray(value)
    ? message(bytes(1, name), ...value.map((each) => number(8, each)), number(20, ATTRIBUTE_INTS))
    : message(bytes(1, name), number(3, value), number(20, ATTRIBUTE_INT));

/** NodeProto: input 1, output 2, op_type 4, attribute 5. */
export const nodeProto = (type, inputs, output, attributes = {}) =>
  message(
    ...inputs.map((input) => bytes(1, input)),
    bytes(2, output),
    bytes(4, type),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
  );

/** ValueInfoProto of float32s whose first dimension is free: name 1, type 2 → tensor 1 → elem_type 1, shape 2 → dim 1. */
const valueInfo = (name, dims) => {
  const dimensions = [bytes(1, bytes(2, 'N')), ...dims.map((dim) => bytes(1, number(1, dim)))];
  return message(
    bytes(1, name),
    bytes(2, bytes(1, message(number(1, FLOAT), bytes(2, message(...dimensions))))),
  );
};

/**
 * @param {import('../lib/networks.mjs').NetworkSpec} network
 * @param {readonly {data: Float32Array, shape: readonly number[]}[]} weights in the library's layouts
 * @returns {Uint8Array} input `x` [N, 1, H, W], output `y` [N, C]
 */
export function onnxModel(network, weights) {
  const nodes = [];
  const initializers = [];
  let current = 'x';
  let parameter = 0;
  let shape = [network.image, network.image, 1];
  let flattened = null;
  const behind = shapes(network);
  const add = (type, inputs, attributes) => {
    const output = `${type}${nodes.length}`;
    nodes.push(nodeProto(type, [current, ...inputs], output, attributes));
    current = output;
  };
  const constant = (dims, data) => {
    const name = `w${initializers.length}`;
    initializers.push(tensorProto(name, dims, data));
    return name;
  };
  for (const [i, layer] of network.layers.entries()) {
    if (layer.type === 'conv') {
      const [kernel, bias] = [weights[parameter++], weights[parameter++]];
      const [KH, KW, C, OC] = kernel.shape;
      add('Conv', [
        constant([OC, C, KH, KW], transposed(kernel.data, [KH * KW, C, OC], [2, 1, 0])),
        constant([OC], bias.data),
      ]);
    } else if (layer.type === 'relu') {
      add('Relu', []);
    } else if (layer.type === 'pool') {
      add('MaxPool', [], { kernel_shape: [2, 2], strides: [2, 2] });
    } else if (layer.type === 'flatten') {
      flattened = shape;
      add('Flatten', []);
    } else if (layer.type === 'dense') {
      const [kernel, bias] = [weights[parameter++], weights[parameter++]];
      const [inputs, units] = kernel.shape;
      const [H, W, C] = flattened ?? [1, 1, inputs];
      flattened = null;
      const rows = transposed(kernel.data, [H * W, C, units], [1, 0, 2]);
      add('Gemm', [constant([inputs, units], rows), constant([units], bias.data)]);
    }
    shape = behind[i];
  }
  nodes.push(nodeProto('Softmax', [current], 'y'));
  return modelProto(network.name, nodes, initializers, { x: [1, network.image, network.image], y: shape });
}

/**
 * ModelProto: ir_version 1, graph 7, opset_import 8; GraphProto: node 1, name 2, initializer 5, input 11, output 12.
 * @param {{x: readonly number[], y: readonly number[]}} shapes of one sample of the input `x` and the output `y`
 */
export function modelProto(name, nodes, initializers, { x, y }) {
  const graph = message(
    ...nodes.map((node) => bytes(1, node)),
    bytes(2, name),
    ...initializers.map((tensor) => bytes(5, tensor)),
    bytes(11, valueInfo('x', x)),
    bytes(12, valueInfo('y', y)),
  );
  return message(number(1, IR_VERSION), bytes(7, graph), bytes(8, number(2, OPSET)));
}

/** An array of three dimensions with its axes in another order. */
export function transposed(data, dims, axes) {
  const strides = [dims[1] * dims[2], dims[2], 1];
  const [A, B, C] = axes.map((axis) => dims[axis]);
  const [a, b, c] = axes.map((axis) => strides[axis]);
  const result = new Float32Array(data.length);
  let at = 0;
  for (let i = 0; i < A; i++) {
    for (let j = 0; j < B; j++) {
      for (let k = 0; k < C; k++) result[at++] = data[i * a + j * b + k * c];
    }
  }
  return result;
}
