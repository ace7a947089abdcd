/** What people call on layers by habit of other libraries. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';

describe('a layer', () => {
  const inits = [
    degelo.dense({ units: 2 }),
    degelo.dropout({ rate: 0.5 }),
    degelo.flatten(),
    degelo.softmax(),
  ];
  const layers: readonly degelo.Layer[] = [...inits, degelo.add(), degelo.averagePooling2d({ poolSize: 2 })];

  it.each(layers.map((layer) => [layer.className, layer] as const))(
    '%s says what to call, where forward, backward or call are called by hand',
    (className, layer) => {
      const byHand = layer as unknown as Record<string, (...given: unknown[]) => unknown>;
      for (const name of ['forward', 'backward']) {
        for (const given of [[], [degelo.tensor([[1, 2]])], [[[1, 2]], 1]]) {
          expect(() => byHand[name](...given)).toThrow(
            `${className}: only a model calls ${name}: apply(x) connects layers, and await model.predict(x) gives numbers`,
          );
        }
      }
      expect(() => byHand.call(degelo.tensor([[1, 2]]))).toThrow('layer: there is no call here: apply(x)');
    },
  );
});
