/** Sizes that a file of Keras leaves open are written into the description of its own input, and nowhere else. */
import { describe, expect, it } from 'vitest';
import { withSizes } from '../../src/formats/keras-open-sizes.ts';

const OPEN = [null, null, null, 3];
const FILLED = [null, 64, 48, 3];
const FILL = [64, 48, 3];

const layer = (class_name: string, config: object, more: object = {}) => ({ class_name, config, ...more });
const input = (batch_shape: unknown) => layer('InputLayer', { batch_shape });

describe('withSizes', () => {
  it('fills what is open of the first layer of a row, however it spells it, and of what the model was built for', () => {
    const row = (shape: unknown) =>
      layer('Sequential', {
        build_input_shape: shape,
        layers: [layer('Conv2D', { batchInputShape: shape })],
      });
    expect(withSizes(row(OPEN), FILL)).toEqual(row(FILLED));
    expect(withSizes(row([null, 32, null, 3]), FILL)).toEqual(row([null, 32, 48, 3]));
  });

  it('fills a graph’s input, wherever it stands, and no model that the graph calls', () => {
    const called = layer('Functional', { layers: [input(OPEN)] }, { inbound_nodes: [[['x', 0, 0]]] });
    const graph = (shape: unknown) => layer('Functional', { layers: [called, input(shape)] });
    expect(withSizes(graph(OPEN), FILL)).toEqual(graph(FILLED));
  });

  it('fills the input of a model that another begins with', () => {
    const nested = (shape: unknown) => {
      const inner = layer('Functional', { layers: [input(shape), layer('ReLU', {})] });
      return layer('Sequential', [inner, input(OPEN).config]);
    };
    expect(withSizes(nested(OPEN), FILL)).toEqual(nested(FILLED));
  });

  it.each([
    ['nothing to fill in', input(OPEN), null],
    ['another rank', input([null, null, 3]), FILL],
    ['no config', { class_name: 'Sequential' }, FILL],
    ['no list', input('x'), FILL],
  ])('leaves a description as it is with %s', (_, given, fill) => {
    expect(withSizes(given, fill)).toEqual(given);
  });
});
