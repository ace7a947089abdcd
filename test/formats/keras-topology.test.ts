/** Which graphs of Keras are rows of layers: each but the input reads one, no two the same, and the last one is the output. */
import { describe, expect, it } from 'vitest';
import { fieldReader } from '../../src/formats/fields.ts';
import { chainOf, modelParts } from '../../src/formats/keras-topology.ts';

const layer = (name: string, ...reads: string[]) => ({
  class_name: 'Dense',
  name,
  config: { name },
  inbound_nodes: reads.length > 0 ? [reads.map((source) => [source, 0, 0, {}])] : [],
});
const ends = (...names: string[]) => names.map((name) => [name, 0, 0]);
const ROW = [layer('b', 'a'), layer('in'), layer('a', 'in')];

function names(layers: readonly object[], inputs = ends('in'), outputs = ends('b')): unknown {
  const config = { name: 'm', layers, input_layers: inputs, output_layers: outputs };
  const parts = modelParts({ class_name: 'Functional', config }, 'model', fieldReader('x'), 'x');
  return chainOf(parts)?.map(({ name }) => name) ?? null;
}

describe('a graph', () => {
  it('is a row in the order in which layers read one another, not of the file', () => {
    expect(names(ROW)).toEqual(['in', 'a', 'b']);
  });

  it.each<[string, unknown]>([
    ['two outputs, the last one first', names(ROW, ends('in'), ends('b', 'a'))],
    ['two inputs', names(ROW, ends('in', 'a'))],
    ['an output that others read', names(ROW, ends('in'), ends('a'))],
    ['an input that isn’t there', names(ROW, ends('x'))],
    ['two layers of one name', names([...ROW, layer('b', 'a')])],
    ['a layer that two read', names([...ROW, layer('c', 'a')])],
    ['a layer that reads two', names([layer('in'), layer('a', 'in'), layer('b', 'a', 'in')])],
    ['a layer used twice', names([layer('in'), layer('a', 'in'), { ...layer('b', 'a'), inbound_nodes: [[['a', 0, 0, {}]], [['in', 0, 0, {}]]] }])], // biome-ignore format: a case
    ['a layer that reads nothing', names([...ROW, layer('c')])],
    ['an input that reads', names([layer('in', 'b'), layer('a', 'in'), layer('b', 'a')])],
    ['a circle beside the row', names([...ROW, layer('c', 'd'), layer('d', 'c')])],
  ])('with %s is none', (_, row) => {
    expect(row).toBeNull();
  });
});
