/** Whatever users can import, and whatever it is given: the value is used, or refused in one line of ours. */
import { describe, expect, it } from 'vitest';
import * as browser from '../../src/browser.ts';
import { describe as describeValue } from '../../src/checks/describe.ts';
import { normalization, tensor } from '../../src/index.ts';
import { loadMnist } from '../../src/mnist.ts';
import { fromNdarray, ndarray, toNdarray } from '../../src/ndarray.ts';
import work from '../../src/training/threads/worker-web.ts';
import { faultOf, ODDITIES } from './oddities.ts';
import { compiled, odd, refusal, x } from './refusal.ts';

/** Of each entry point, what takes a value; degelo/browser has all of degelo and of degelo/core. */
const TAKERS: Readonly<Record<string, (...given: unknown[]) => unknown>> = {
  ...callable(browser),
  ...callable({ fromNdarray, toNdarray, work }),
  'toNdarray, second': (value) => Reflect.apply(toNdarray, null, [x, value]),
  'fromNdarray, second': (value) => fromNdarray(array(), odd(value)),
  'fromNdarray, copy': (value) => fromNdarray(array(), { copy: odd(value) }),
  'fromNdarray, dtype': (value) => fromNdarray(array(), { dtype: odd(value) }),
  'fromNdarray, data': (value) => fromNdarray(odd({ ...array(), data: value })),
  'fromNdarray, an element': (value) => fromNdarray(odd({ ...array(), data: [1, value, 1, 1] })),
  'fromNdarray, shape': (value) => fromNdarray(odd({ ...array(), shape: value })),
  'fromNdarray, stride': (value) => fromNdarray(odd({ ...array(), stride: [1, value] })),
  'fromNdarray, offset': (value) => fromNdarray(odd({ ...array(), offset: value })),
  'loadMnist, source': (value) => loadMnist({ source: odd(value ?? '/nowhere') }),
  'loadMnist, classes': (value) => loadMnist({ source: '/nowhere', classes: odd(value) }),
  'loadMnist, a class': (value) => loadMnist({ source: '/nowhere', classes: [odd(value)] }),
  'loadModelFiles, one of several': (value) => browser.loadModelFiles([odd(value)]),
  'loadModelFiles, a name': (value) => browser.loadModelFiles({ name: odd(value), arrayBuffer }),
  'loadModelFiles, bytes': (value) => browser.loadModelFiles({ arrayBuffer: async () => odd(value) }),
  'downloadModel, model': (value) => browser.downloadModel('a', odd(value)),
  'storeModel, model': (value) => browser.storeModel('a', odd(value)),
  'pixelsOf, data': (value) => browser.pixelsOf(odd({ width: 1, height: 1, data: value })),
  'pixelsOf, width': (value) => browser.pixelsOf(odd({ width: value, height: 1 })),
  'Tensor, shape': (value) => new browser.Tensor(new Float32Array(2), odd(value)),
  'tensor, a row': (value) => tensor([[1, 2], odd(value)]),
  'tensor, a number': (value) => tensor([[1, odd(value)]]),
  'a tensor’s reshape': (value) => x.reshape(odd(value)),
  'fit, a function of batches': (value) =>
    compiled().fit(
      odd(() => value),
      { epochs: 1 },
    ),
  'adapt, data': (value) => normalization().adapt(odd(value)),
  'encodeSafetensors, metadata': (value) => browser.encodeSafetensors(new Map(), { metadata: odd(value) }),
  'encodeSafetensors, memory': (value) => browser.encodeSafetensors(new Map(), { memory: odd(value) }),
  'knownOptions, where': (value) => browser.knownOptions(odd(value), {}, []),
  'knownOptions, a name': (value) => browser.knownOptions('f', { a: 1 }, [odd(value)]),
  'knownOptions, rules': (value) => browser.knownOptions('f', { a: 1 }, ['b'], odd(value)),
};

/** Kinds of errors, which only take texts; and what users aren't meant to call. */
function callable(exported: object): Record<string, (...given: unknown[]) => unknown> {
  const all = Object.entries<unknown>({ ...exported }).filter(
    (entry): entry is [string, (...given: unknown[]) => unknown] =>
      typeof entry[1] === 'function' && !/Error$|^SymbolicTensor$|^all[A-Z]|^loadMnist$/.test(entry[0]),
  );
  const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));
  return Object.fromEntries(
    all.map(([name, call]) => [
      name,
      isClass(call) ? (...given: unknown[]) => Reflect.construct(call, given) : call,
    ]),
  );
}

const array = () => ndarray(new Float32Array(4), [2, 2]);
const arrayBuffer = async () => new ArrayBuffer(3);

describe('an odd value is used, or refused in one line of ours, by', () => {
  it.each(Object.keys(TAKERS))('%s', async (name) => {
    const faults: string[] = [];
    for (const make of ODDITIES) {
      for (const before of /^\w+$/.test(name) ? [[], [undefined]] : [[]]) {
        const error = await refusal(() => TAKERS[name](...before, make()));
        const fault = error === null ? null : faultOf(error);
        if (fault !== null) faults.push(`${describeValue(make())}: ${fault}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
