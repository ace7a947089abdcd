/**
 * Operators that are several layers, by the rules for Keras' operations (../keras-operation-rules.ts): sums and means along dimensions, roots,
 * powers, quotients. What such a rule says in Keras' words is applied here to what the operator reads.
 */
import type { LayerConfig, SymbolicTensor } from '../../layers/layer.ts';
import { layerFromConfig } from '../../layers/registry.ts';
import type { JsonObject } from '../json.ts';
import type { Operand, Read, Replacement } from '../keras-operation-parts.ts';
import { RULES } from '../keras-operation-rules.ts';
import { activated } from './activations.ts';
import { behind, type Call } from './call.ts';
import { OPTIONS } from './options.ts';

/** An operation of Keras of this operator's first `count` inputs. @throws RangeError where no layers compute it. */
export function byRule(call: Call, rule: string, count = 1, options: JsonObject = {}): SymbolicTensor {
  const operands = Array.from({ length: count }, (_, i) => operandOf(call, i));
  const found = RULES[rule]({ name: rule, operands, options });
  if (!found) throw new RangeError(`no layers compute it for a sample [${call.input(0).shape}]`);
  return applied(call, { reads: ['0'], ...found });
}

/** A sum, mean or extreme along the dimensions that input 1 says. */
export function reducing(call: Call, rule: string): SymbolicTensor {
  const axis = call.whole(1);
  return byRule(call, rule, 1, { axis, keepdims: call.options(OPTIONS.reducer).flag(0) });
}

/** x/√(Σx²) along the last dimension. */
export function lengthOne(call: Call): SymbolicTensor {
  const y = byRule(call, 'Normalize', 1, { axis: -1, epsilon: 1e-6 });
  return activated(call, y, call.options(OPTIONS.l2Norm).byte(0));
}

/** (a − b)² */
export function squaredDifference(call: Call): SymbolicTensor {
  const difference: Read = { className: 'Subtract', reads: ['0', '1'] };
  return applied(call, { className: 'Multiply', reads: [difference, difference] });
}

/** a/b, of two tensors. */
export function quotient(call: Call): SymbolicTensor {
  return activated(call, byRule(call, 'Divide', 2), call.options(OPTIONS.div).byte(0));
}

function operandOf(call: Call, i: number): Operand {
  const constant = call.constant(i);
  if (!constant) return { layer: `${i}`, shape: [null, ...call.input(i).shape] };
  if (constant.size === 1) return { numbers: constant.data[0] };
  throw new RangeError(`constant numbers must be one for all, got shape [${constant.shape}]`);
}

/** The layers, each after those that it reads, the last with the operator's name. A word that is read is the number of an input. */
function applied(call: Call, found: Replacement): SymbolicTensor {
  const made = new Map<Read, SymbolicTensor>();
  const put = (read: Read, isLast: boolean): SymbolicTensor => {
    if (typeof read === 'string') return call.input(Number(read));
    const known = made.get(read);
    if (known) return known;
    const from = read.reads.map((each) => put(each, false));
    const { name = '' } = isLast ? call.own : behind(call, `part_${made.size}`);
    const config: LayerConfig = { ...camelCase(read.options), name, trainable: true };
    const y = call.put(layerFromConfig(read.className, config), from.length === 1 ? from[0] : from);
    made.set(read, y);
    return y;
  };
  const { reads = [] } = found;
  return put({ ...found, reads }, true);
}

/** Keras' names of options are ours except for the writing. */
function camelCase(options: JsonObject = {}): Record<string, unknown> {
  const ours = Object.entries(options).map(([key, value]) => [
    key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(ours);
}
