/** No argument is dropped in silence, and what isn't bytes, a model or a map is named. */
import { describe, expect, it } from 'vitest';
import * as browser from '../../src/browser.ts';
import * as degelo from '../../src/index.ts';
import { Network } from '../../src/model/network.ts';
import { fromNdarray, toNdarray } from '../../src/ndarray.ts';

/** More than any function takes. */
const MOST = 9;

/** Called as libraries call them, not users; those that `register` is handed; and that, which takes any number. */
const OTHERWISE = [
  ...['knownOptions', 'allActivations', 'allInitializers', 'allLossMetrics', 'allRehearsals', 'register'],
];

const initializers = Object.fromEntries(
  Object.entries(degelo.initializers).map(([name, make]) => [`initializers.${name}`, make]),
);

const functions = Object.entries<unknown>({ ...browser, fromNdarray, toNdarray, ...initializers }).filter(
  (entry): entry is [string, (...given: readonly unknown[]) => unknown] =>
    typeof entry[1] === 'function' && !/^class\b/.test(Function.prototype.toString.call(entry[1])),
);

/** Classes that users make objects of, all layers among them; not those that only the library makes, and the base of users' own. */
const classes = Object.entries<unknown>(browser).filter(
  (entry): entry is [string, new (...given: readonly unknown[]) => object] =>
    typeof entry[1] === 'function' &&
    /^class\b/.test(Function.prototype.toString.call(entry[1])) &&
    !/^(Layer|SymbolicTensor|\w+Error)$/.test(entry[0]),
);

/** The message of what a call throws, now or later. */
async function refusal(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return error instanceof TypeError ? error.message : `${error}`;
  }
  return 'nothing was refused';
}

/** How many arguments a function's text names; null: any number, as wrappers take them. */
function named(call: unknown): number | null {
  const text = Function.prototype.toString.call(call);
  let [depth, count, isEmpty] = [0, 0, true];
  for (const [i, letter] of [...text].entries()) {
    if (depth === 1 && text.startsWith('...', i)) return null;
    if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter) && --depth === 0) return isEmpty ? 0 : count + 1;
    else if (depth === 1 && letter === ',') count++;
    if (depth > 0 && !/[\s(]/.test(letter)) isEmpty = false;
  }
  return null;
}

describe('an argument too many', () => {
  it('is the first of those that a function doesn’t name', async () => {
    const layer = degelo.dense({ units: 2, inputShape: [3] });
    const model = degelo.sequential([layer]);
    const methods = (target: object, ...names: string[]) =>
      names.map((name) => ({ name, target, call: Reflect.get(target, name) as unknown }));
    const all = [
      ...functions
        .filter(([name]) => !OTHERWISE.includes(name))
        .map(([name, call]) => ({ name, target: null, call })),
      ...methods(layer, 'apply', 'getWeights', 'setWeights'),
      ...methods(
        model,
        'add',
        'pop',
        'getLayer',
        'getWeights',
        'setWeights',
        'summary',
        'describePlan',
        'save',
      ),
      ...methods(model, 'compile', 'fit', 'trainOnBatch', 'evaluate', 'predict'),
      ...methods(degelo.tensor([1]), 'toNested'),
    ];
    const wrong: string[] = [];
    let counted = 0;
    for (const { name, target, call } of all) {
      const count = named(call);
      if (count === null || typeof call !== 'function') continue;
      counted++;
      const given = [...Array.from({ length: count }, () => undefined), 7];
      const message = await refusal(() => Reflect.apply(call, target, given));
      if (!/, got 7 behind/.test(message)) wrong.push(`${name} (${count}): ${message}`);
    }
    expect(wrong).toEqual([]);
    expect(counted).toBeGreaterThan(60);
  });

  it.each(functions.filter(([name]) => !OTHERWISE.includes(name)))('is refused by %s', async (_, call) => {
    const given = [...Array.from({ length: MOST }, () => undefined), 7];
    expect(await refusal(() => call(...given))).toMatch(
      /: expected (at most .* arguments?|no arguments), got 7 behind/,
    );
  });

  it.each(classes)('is refused by the constructor of %s', async (_, Class) => {
    const given = [...Array.from({ length: MOST }, () => undefined), 7];
    expect(await refusal(() => new Class(...given))).toMatch(
      /: expected at most (one argument|2 arguments), got 7 behind: (put|new) /,
    );
  });

  it('is refused in place of an option, by the function and by the class in the same words', async () => {
    expect(classes.length).toBeGreaterThan(45);
    const said = "dense: expected at most one argument, got 'relu' behind: put it into the options";
    const { Dense, dense, Dropout } = degelo;
    expect(await refusal(() => Reflect.construct(Dense, [{ units: 5 }, 'relu']))).toBe(said);
    expect(await refusal(() => Reflect.apply(dense, null, [{ units: 5 }, 'relu']))).toBe(said);
    // A class without a constructor hands all on.
    class Half extends Dropout {}
    expect(await refusal(() => Reflect.construct(Half, [{ rate: 0.5 }, [1]]))).toMatch(
      /^dropout: expected at most one argument, got \[1\] behind/,
    );
  });

  it("is the layer's own affair where users write one", () => {
    class Named extends degelo.Dense {
      constructor(units: number, activation: degelo.ActivationName) {
        super({ units, activation });
      }
    }
    expect(new Named(5, 'relu').getConfig()).toMatchObject({ units: 5, activation: 'relu' });
  });

  const layerMethods = ['apply', 'getWeights', 'setWeights'];
  const modelMethods = ['add', 'pop', 'getLayer', 'summary', 'describePlan', 'save'];
  it.each([
    ...layerMethods.map((method) => ['layers', method]),
    ...[...layerMethods, ...modelMethods].map((method) => ['models', method]),
    ...['compile', 'fit', 'trainOnBatch', 'evaluate', 'predict'].map((method) => ['models', method]),
  ])('is refused by the method of %s %s', async (kind, method) => {
    const layer = degelo.dense({ units: 2, inputShape: [3] });
    const target = kind === 'layers' ? layer : degelo.sequential([layer]);
    const given = [...Array.from({ length: MOST }, () => undefined), 7];
    const call = () => Reflect.apply(Reflect.get(target, method), target, given);
    expect(await refusal(call)).toMatch(/: expected (at most .* arguments?|no arguments), got 7 behind/);
  });

  it('is refused by the methods of models and layers', async () => {
    const layer = degelo.dense({ units: 2, inputShape: [3] });
    const model = degelo.sequential([layer]);
    const call = (target: object, method: string, ...given: unknown[]) =>
      refusal(() => Reflect.apply(Reflect.get(target, method), target, given));
    expect(await call(model, 'pop', 1)).toBe('pop: expected no arguments, got 1 behind');
    expect(await call(model, 'getLayer', 'dense', 0)).toMatch(
      /^getLayer: expected at most one argument, got 0/,
    );
    expect(await call(model, 'setWeights', [], [])).toMatch(/put the tensors into an array/);
    expect(await call(layer, 'setWeights', [], [])).toMatch(/put the tensors into an array/);
    expect(await call(model, 'save', '/nowhere', true)).toMatch(
      /^save: expected at most one argument, got true/,
    );
    expect(await call(model, 'summary', console.log, {}, 1)).toMatch(
      /^summary: expected at most 2 arguments/,
    );
    expect(await call(model, 'summary', { expandNested: true })).toMatch(
      /^summary: print must be a function of a line, got an object { expandNested }: summary\(console.log, {/,
    );
    const x = degelo.input({ shape: [3] });
    expect(await call(degelo.add(), 'apply', x, x)).toMatch(
      /put several tensors into one array: apply\(\[a, b\]\)$/,
    );
    expect(await call(degelo.add(), 'apply', [x, x], {}, 1)).toMatch(
      /apply: expected at most 2 arguments, got 1/,
    );
    expect(model.layers).toHaveLength(1);
  });
});

describe('something else', () => {
  const bytes = [
    'decodeCheckpoint',
    'decodeNpz',
    'decodeSafetensors',
    'decodePng',
    'decodeIdx',
    'decodeTflite',
  ];
  it.each(bytes)('in place of bytes is refused by %s', async (name) => {
    const call = Reflect.get(degelo, name);
    expect(await refusal(() => call('model.bin'))).toBe(
      `${name}: expected the file's bytes in a Uint8Array or an ArrayBuffer, got 'model.bin'`,
    );
    expect(await refusal(() => call(undefined))).toMatch(/got undefined$/);
  });

  const models = [
    'encodeCheckpoint',
    'encodeLayersModel',
    'encodeModel',
    'namedWeights',
    'weightsSha256',
    'preprocessingOf',
  ];
  it.each(models)('in place of a model is refused by %s', async (name) => {
    const call = Reflect.get(degelo, name);
    expect(await refusal(() => call(Promise.resolve(new Network())))).toBe(
      `${name}: expected a model, got a promise (is an await missing?)`,
    );
  });

  it.each(['saveCheckpoint', 'saveLayersModel', 'saveWeights', 'loadWeights', 'setNamedWeights'])(
    'in place of a model is refused by %s',
    async (name) => {
      const call = Reflect.get(degelo, name);
      expect(await refusal(() => call('model', '/nowhere'))).toBe(`${name}: expected a model, got 'model'`);
    },
  );

  it.each(['encodeNpz', 'encodeSafetensors'])(
    'in place of a map of tensors is refused by %s',
    async (name) => {
      const call = Reflect.get(degelo, name);
      expect(await refusal(() => call({ w: degelo.zeros([2]) }))).toMatch(
        /tensors must be a Map of tensors by name, as namedWeights gives it, got an object { w }$/,
      );
    },
  );
});
