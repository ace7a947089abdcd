/** Whatever is set on an object that degelo made counts, or is refused by name; what is read afterwards is what was there. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';

const { adam, dense, input, Layer, Sequential, sequential, tensor, zeros } = degelo;

const compiled = () => {
  const model = sequential([dense({ units: 2, inputShape: [3] }), dense({ units: 1 })]);
  model.compile({ optimizer: adam(), loss: 'meanSquaredError', metrics: [degelo.auc()], threads: 0 });
  return model;
};
const graph = () => {
  const x = input({ shape: [3] });
  return degelo.model({ inputs: x, outputs: dense({ units: 2 }).apply(x) });
};
const decay = { initialLearningRate: 1, decaySteps: 5 };

/** Objects of all kinds that have one, and the names that may be set on them. */
const MODEL = ['name', 'trainable', 'stopTraining', 'step', 'memoryMB', 'classNames', 'imageInput', 'origin', 'unsupported']; // biome-ignore format: a list
const LAYER = ['name', 'trainable', 'unsupported', 'weightsVersion'];
const OBJECTS: readonly [string, object, readonly string[]][] = [
  ['a model', compiled(), MODEL],
  ['a graph', graph(), MODEL],
  ['a layer of a model', compiled().layers[0], LAYER],
  ['a layer that is not built', degelo.conv2d({ filters: 1, kernelSize: 2 }), LAYER],
  ['a layer made by its class', sequential([new degelo.Dense({ units: 1, inputShape: [1] })]).layers[0], LAYER],
  ['a layer of many fields', degelo.batchNormalization(), LAYER],
  ['a tensor', tensor([[1, 2]]), []],
  ['images as bytes', new degelo.ByteImages(new Uint8Array(4), [2, 2]), []],
  ['a symbolic tensor', input({ shape: [3] }), []],
  ['what apply gives', graph().output, []],
  ['an optimizer', compiled().optimizer, ['learningRate']],
  ['one with a schedule', degelo.sgd({ learningRate: degelo.cosineDecay(decay) }), ['learningRate']],
  ['a loss', degelo.huber(), []],
  ['a loss of a rule', degelo.meanSquaredError(), []],
  ['a loss of rows', degelo.categoricalCrossentropy(), []],
  ['a metric', degelo.auc(), []],
  ['a regularizer', degelo.l2(), []],
  ['a schedule', degelo.polynomialDecay(decay), []],
  ['a callback', degelo.earlyStopping(), []],
  ['a callback of files', degelo.modelCheckpoint({ folder: 'a' }), []],
  ['what compile settled', compiled().compiled as object, []],
  ['a plan', compiled().plan(), []],
  ["a model's layers", compiled().layers, []],
  ['initializers', degelo.initializers, []],
]; // biome-ignore format: a table

/** Names of all that can be read of an object, methods aside. */
function namesOf(object: object): Set<string> {
  const names = new Set<string>();
  for (let level = object; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value !== 'function') names.add(name);
    }
  }
  return names;
}

/** As strict mode does, which all modules are in. */
function set(object: object, name: string, value: unknown): void {
  (object as Record<string, unknown>)[name] = value;
}

function read(object: object, name: string): unknown {
  try {
    return Reflect.get(object, name);
  } catch {
    return 'nothing yet';
  }
}

describe.each(OBJECTS)('%s', (_, object, settable) => {
  it('refuses by name whatever it has and can’t be set, and stays as it was', () => {
    for (const name of namesOf(object)) {
      if (settable.includes(name)) continue;
      const before = read(object, name);
      const ours = `^[\\w ]+: (${name} can't be set|the list can't be changed): [^\\n]+$|^initializers can't be`;
      expect(() => set(object, name, new Map()), name).toThrow(
        new RegExp(`${ours}|^Cannot assign to read only property '${name}' of object`),
      );
      if (typeof before !== 'function') expect(read(object, name), name).toEqual(before);
    }
  });

  it('checks what can be set', () => {
    for (const name of settable) {
      const before = read(object, name);
      expect(() => Reflect.set(object, name, new Map()), name).toThrow(/must be|expected|can't be set/);
      expect(read(object, name), name).toEqual(before);
    }
  });

  it('takes no other name', () => {
    expect(() => set(object, 'colour', 1)).toThrow(/colour|the list can't be changed|initializers can't/);
    expect(read(object, 'colour')).toBeUndefined();
  });
});

it.each<[object, string, string]>([
  [compiled(), 'stopTrainin', 'sequential: unknown property stopTrainin, set to 5: did you mean stopTraining?'],
  [compiled(), 'weights', 'did you mean setWeights(tensors)?'],
  [compiled(), 'layers', 'sequential: layers can\'t be set: use add and pop'],
  [compiled(), 'optimizer', 'sequential: optimizer can\'t be set: use compile({ optimizer, loss, metrics })'],
  [compiled(), 'dropout', 'unknown property dropout, set to 5: expected one of stopTraining, step, '],
  [compiled().layers[0], 'units', 'dense: units can\'t be set: make another with dense({ … })'],
  [compiled().layers[0], 'kernel_initializer', 'did you mean kernelInitializer?'],
  [compiled().layers[0], 'kernel', 'did you mean setWeights(tensors)?'],
  [adam(), 'beta_1', 'adam: unknown property beta_1, set to 5: did you mean beta1?'],
  [adam(), 'beta1', 'adam: beta1 can\'t be set: make another with adam({ … })'],
  [degelo.earlyStopping(), 'patience', 'earlyStopping: unknown property patience, set to 5: make another with earlyStopping({ … })'],
  [zeros([2]), 'rank', "tensor: rank can't be set: use reshape(shape)"],
])('$1 = 5: $2', (object, name, message) => {
  expect(() => Reflect.set(object, name, 5)).toThrow(message);
}); // biome-ignore format: a table

describe('classes that users derive from ours', () => {
  class Net extends Sequential {
    override readonly keptWhat = 'mine';
    readonly notes: string[] = [];
  }
  class Scale extends Layer {
    readonly className: string = 'Scale';
    forward(): void {}
    backward(): void {}
  }

  it('have properties of their own, under names that ours take for others too', () => {
    const net = new Net({ layers: [dense({ units: 1, inputShape: [1] })] });
    const scale = new Scale();
    for (const name of ['colour', 'weights', 'kernel', 'epochs']) {
      Reflect.set(net, name, 1);
      Reflect.set(scale, name, 1);
      expect([Reflect.get(net, name), Reflect.get(scale, name)]).toEqual([1, 1]);
    }
    Reflect.set(scale, 'className', 'Other');
    expect(scale.className).toBe('Other');
    expect(net.notes).toEqual([]);
    expect(net.keptWhat).toBe('mine');
  });

  it('refuse what was meant for one of ours', () => {
    expect(() => Reflect.set(new Net(), 'stop_training', true)).toThrow('did you mean stopTraining?');
    expect(() => Reflect.set(new Scale(), 'frozen', true)).toThrow('Scale: unknown property frozen');
    expect(() => Reflect.set(new Net(), 'layers', [])).toThrow("layers can't be set: use add and pop");
  });
});

it.each<[string, object]>([
  ['a tensor', tensor([1, 2])],
  ['images as bytes', new degelo.ByteImages(new Uint8Array(4), [2, 2])],
  ['a symbolic tensor', input({ shape: [3] })],
  ['a metric', degelo.auc()],
  ['what compile settled', compiled().compiled as object],
  ['a plan', compiled().plan()],
])('%s has plain fields, as loops and consoles read them', (_, object) => {
  const fields = Object.values(Object.getOwnPropertyDescriptors(object));
  expect(fields.length).toBeGreaterThan(1);
  for (const field of fields) expect(field).toMatchObject({ writable: false, enumerable: true });
});

it.each(OBJECTS)('%s shows no accessors where Node prints it', (_, object) => {
  expect(inspect(object)).not.toContain('[Getter');
});

it('methods may be replaced: one calls what was there', async () => {
  const model = compiled();
  const predict = model.predict.bind(model);
  let calls = 0;
  model.predict = (...given) => {
    calls++;
    return predict(...given);
  };
  expect((await model.predict(zeros([1, 3]))).shape).toEqual([1, 1]);
  expect(calls).toBe(1);
});

it('an object with fixed fields is copied and compared as any other', () => {
  expect({ ...degelo.auc() }).toEqual({ name: 'auc', numThresholds: 200, curve: 'ROC' });
  expect(structuredClone({ ...tensor([1, 2]) })).toEqual({ data: Float32Array.of(1, 2), shape: [2] });
  expect(structuredClone(tensor([1, 2]))).toEqual({ data: Float32Array.of(1, 2), shape: [2] });
  expect(tensor([1, 2])).not.toEqual(tensor([1, 3]));
});

describe('in fit', () => {
  const train = (onEpochEnd: (epoch: number, logs: Record<string, number>) => void, model = compiled()) =>
    model.fit(zeros([4, 3]), zeros([4, 1]), { epochs: 3, callbacks: [{ onEpochEnd }] });

  it('the learning rate can be set between two epochs, as in Keras', async () => {
    const model = compiled();
    const slower = (epoch: number): void => {
      model.optimizer.learningRate = 1 / (epoch + 1);
    };
    await train(slower, model);
    expect(model.optimizer.learningRate).toBeCloseTo(1 / 3);
  });

  it('figures can’t be added to the logs, where no history would have them', async () => {
    const add = train((_, logs) => void Object.assign(logs, { rate: 1 }));
    await expect(add).rejects.toThrow(/add property rate/);
    const change = train((_, logs) => void Object.assign(logs, { loss: 1 }));
    await expect(change).rejects.toThrow(/read only property 'loss'/);
  });

  it('a history that was changed changes no position', async () => {
    const model = compiled();
    const { history } = await train(() => {}, model);
    history.loss.length = 0;
    expect(model.fitPosition?.history.history.loss).toHaveLength(3);
  });
});
