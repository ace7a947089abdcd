/** Activations: operators, and what is fused into others. */
import { type ActivationName, activation, leakyReLU, softmax } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import { behind, type Call } from './call.ts';
import { OPTIONS } from './options.ts';

/** ActivationFunctionType, by number. */
const ACTIVATIONS: readonly ActivationName[] = ['linear', 'relu', 'hardTanh', 'relu6', 'tanh'];

export function softmaxOf(call: Call): SymbolicTensor {
  const beta = call.options(OPTIONS.softmax).float(0);
  if (beta !== 1) throw new RangeError(`softmax: beta must be 1, got ${beta}`);
  return call.put(softmax(call.own), call.input(0));
}

export function elementwise(call: Call, name: ActivationName): SymbolicTensor {
  return call.put(activation({ ...call.own, activation: name }), call.input(0));
}

/** A fused activation of an operator whose layer here has none. */
export function activated(call: Call, x: SymbolicTensor, number: number): SymbolicTensor {
  const name = activationOf(number);
  return name === 'linear' ? x : call.put(activation({ ...behind(call, name), activation: name }), x);
}

export function leaky(call: Call): SymbolicTensor {
  // Of two inputs, the second the slope, where foldSelects made it of a choice.
  const slope = call.count < 2 ? null : call.constant(1);
  const negativeSlope = slope ? slope.data[0] : call.options(OPTIONS.leakyRelu).float(0);
  return call.put(leakyReLU({ ...call.own, negativeSlope }), call.input(0));
}

export function activationOf(number: number): ActivationName {
  const name = ACTIVATIONS[number];
  if (name) return name;
  const known = 'none, RELU, RELU_N1_TO_1, RELU6 or TANH';
  throw new RangeError(`fused activation must be ${known}, got ${number}`);
}
