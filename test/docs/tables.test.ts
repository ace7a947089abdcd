/** Tables of names: what stands on degelo's side is there, or is JavaScript's. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as browser from '../../src/browser.ts';
import * as ndarray from '../../src/ndarray.ts';
import { Model } from '../../src/training/model.ts';
import { ROOT } from './pages.ts';

const { adam, dense, initializers, model, input, normalization, Tensor } = browser;
const layer = dense({ units: 1 });
const x = input({ shape: [1] });
const net = model({ inputs: x, outputs: layer.apply(x) });

/** Names of what an object and its classes have. */
function membersOf(object: object | null): string[] {
  return object ? [...Object.getOwnPropertyNames(object), ...membersOf(Object.getPrototypeOf(object))] : [];
}

describe.each(['docs/keras.md', 'docs/tensorflow-js.md'])('%s', (path) => {
  const text = readFileSync(`${ROOT}${path}`, 'utf8');
  const cells = [...text.matchAll(/^\| (?!---)(.*?) \| (.*) \|$/gm)].map(([, , ours]) => ours);
  const calls = cells.flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code));

  it('calls functions that are exported, and methods that objects have', () => {
    const ours = [Tensor.prototype, Model.prototype, layer, net, adam(), initializers, normalization()];
    const others = ['String', 'from', 'getImageData', 'data', 'MobileNetV2']; // JavaScript's, a canvas', of TensorFlow.js and of Keras
    const known = new Set([
      ...[browser, ndarray].flatMap(Object.keys),
      ...[...ours, [], JSON, console].flatMap(membersOf),
      ...others,
    ]);
    expect(calls.length).toBeGreaterThan(40);
    for (const code of calls) {
      for (const [, name] of code.matchAll(/\b([a-zA-Z]\w*)\(/g)) expect([...known], code).toContain(name);
    }
  });
});
