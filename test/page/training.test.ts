/** What the page's Workers do, within this process: the same weights as the commands', gradients, costs, looks, own classes. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { HIGH, LOW } from '../../src/experiment/classes.ts';
import { TRANSFER_DEFAULTS } from '../../src/experiment/options.ts';
import { learnTarget, trainSource } from '../../src/experiment/study-conditions.ts';
import { STUDY_CELLS } from '../../src/experiment/study-file.ts';
import { runTransfer } from '../../src/experiment/transfer.ts';
import {
  decodeModel,
  dense,
  encodeLayersModel,
  encodeModel,
  flatten,
  globalAveragePooling2d,
  input,
  type Model,
  model,
  rescaling,
  sequential,
} from '../../src/index.ts';
import { modelOfFiles } from '../../src/page/work/any-model.ts';
import { commandFor } from '../../src/page/work/command.ts';
import { GradientMeter } from '../../src/page/work/gradient.ts';
import { Looker } from '../../src/page/work/look.ts';
import { makeNetwork, snapshotOf } from '../../src/page/work/network.ts';
import { expectClassifier, OwnClasses, probabilitiesOf } from '../../src/page/work/own-classes.ts';
import { planRows } from '../../src/page/work/plan-rows.ts';
import { spread } from '../../src/page/work/spread.ts';
import { multiplications } from '../../src/page/work/step-cost.ts';
import { type Trained, type TrainingEvent, tilesOf, trainWay } from '../../src/page/work/train.ts';
import { THREE, WAYS, type WayName } from '../../src/page/work/ways.ts';
import { WorkerError } from '../../src/training/errors.ts';
import { tinyData, tinyHalf } from './tiny.ts';

const SETTINGS = { epochs: 1, seed: 3, threads: 0 };
const never = new AbortController().signal;

const events = new Map<WayName, TrainingEvent[]>();
const trained = new Map<WayName, Trained>();
const train = async (way: WayName): Promise<void> => {
  const told: TrainingEvent[] = [];
  const start = trained.get('source')?.snapshot ?? null;
  const half = tinyHalf(WAYS[way].digits);
  trained.set(way, await trainWay(way, start, half, SETTINGS, (event) => told.push(event), never));
  events.set(way, told);
};

beforeAll(async () => {
  for (const way of ['source', ...THREE] as const) await train(way);
});

const of = <K extends TrainingEvent['kind']>(way: WayName, kind: K) =>
  (events.get(way) ?? []).filter((event) => event.kind === kind) as Extract<TrainingEvent, { kind: K }>[];
const hash = (way: WayName): string | undefined => trained.get(way)?.sha256;

describe('trainings of the page', () => {
  it('end with the very weights of degelo transfer and of a study', async () => {
    const { weights_sha256 } = await runTransfer({ data: tinyData(), ...SETTINGS });
    expect(hash('frozen')).toBe(weights_sha256);
    const settings = { ...TRANSFER_DEFAULTS, ...SETTINGS, kernel: 'simd' } as const;
    const start = await trainSource(tinyHalf(HIGH), SETTINGS.seed, settings);
    expect(start.figures).toMatchObject({ weights_sha256: hash('source') });
    for (const [way, condition] of [
      ['thawed', 'fine-tune'],
      ['fresh', 'scratch'],
    ] as const) {
      const figures = await learnTarget(condition, start, SETTINGS.seed, tinyHalf(LOW), settings);
      expect(figures).toMatchObject({ weights_sha256: hash(way) });
    }
  });

  it('name commands for these: transfer for the frozen way, for the others a study of which the seed’s cell alone is computed', () => {
    expect(commandFor('frozen', { epochs: 5, seed: 0 })).toEqual({
      command: 'npx degelo transfer --json',
      place: 'weights_sha256',
      file: null,
    });
    expect(commandFor('frozen', { epochs: 2, seed: 7 }).command).toBe(
      'npx degelo transfer --json --epochs 2 --seed 7',
    );
    expect(commandFor('thawed', { epochs: 5, seed: 0 })).toEqual({
      command: 'npx degelo study --json --samples all --seeds 1',
      place: 'cells[0].conditions["fine-tune"].weights_sha256',
      file: null,
    });
    expect(commandFor('source', { epochs: 5, seed: 7 })).toEqual({
      command: 'npx degelo study --samples all --seeds 8 --cell 7/8 --out seed-7',
      place: 'figures.source.weights_sha256',
      file: `seed-7/${STUDY_CELLS.cellFile(7)}`,
    });
    expect(commandFor('fresh', { epochs: 2, seed: 123_456 })).toEqual({
      command:
        'npx degelo study --samples all --seeds 123457 --epochs 2 --cell 123456/123457 --out seed-123456-epochs-2',
      place: 'figures.conditions.scratch.weights_sha256',
      file: `seed-123456-epochs-2/${STUDY_CELLS.cellFile(123_456)}`,
    });
  });

  it('don’t begin where there will be no hash, whose program may not come to pages from plain http:', async () => {
    // What the hash is made by.
    const hash = vi.spyOn(DataView.prototype, 'setFloat32').mockImplementation(() => {
      throw new Error('Importing a module script failed');
    });
    const told: TrainingEvent[] = [];
    const training = trainWay('source', null, tinyHalf(HIGH), SETTINGS, (event) => told.push(event), never);
    await expect(training).rejects.toThrow('Importing a module script failed');
    hash.mockRestore();
    expect(told).toEqual([]);
  });

  it('tell of every epoch, and of a gradient that ends where the ice begins', () => {
    for (const way of THREE) expect(of(way, 'epoch').map(({ epoch }) => epoch)).toEqual([0]);
    const [frozen] = of('frozen', 'epoch');
    const [begin] = of('frozen', 'begin');
    expect(begin.plan.english).toMatch(/^.*Stage.*The first 2 stages are frozen/s);
    expect(begin.plan.portuguese).toMatch(/^.*Etapa.*As primeiras 2 etapas estão congeladas/s);
    expect(frozen.norms.slice(0, 2)).toEqual([0, 0]);
    expect(frozen.norms.slice(2).every((norm) => norm > 0)).toBe(true);
    expect(frozen.filters).toEqual(begin.filters);
    const [thawed] = of('thawed', 'epoch');
    expect(thawed.norms.every((norm) => norm > 0)).toBe(true);
    expect(thawed.filters).not.toEqual(begin.filters);
    expect([...frozen.guesses].every((digit) => LOW.includes(digit))).toBe(true);
    expect(of('source', 'progress').at(-1)?.activity).toBe('validation');
  });

  it('go on without threads where these can’t be started, and say why', async () => {
    const told: TrainingEvent[] = [];
    const tell = (event: TrainingEvent): void => {
      // As where the Workers' program is missing: it shows once the training begins.
      if (event.kind === 'begin' && event.threads > 0) throw new WorkerError('no program');
      told.push(event);
    };
    const half = tinyHalf(HIGH);
    const { sha256 } = await trainWay('source', null, half, { ...SETTINGS, threads: 2 }, tell, never);
    expect(sha256).toBe(hash('source'));
    expect(told[0]).toMatchObject({ kind: 'begin', threads: 0, threadsReason: 'no program' });
    await expect(trainWay('source', null, half, SETTINGS, () => {}, AbortSignal.abort())).rejects.toThrow(
      'aborted',
    );
  });

  it('show test digits as they are, evenly spread', () => {
    const half = tinyHalf(HIGH);
    const { pixels, labels } = tilesOf(half.test, HIGH);
    expect(labels).toEqual(Uint8Array.from(half.test.labels, (label) => HIGH[label]));
    expect(pixels.length).toBe(labels.length * 28 * 28);
    const few = spread(half.test.x, 3);
    expect(few.shape).toEqual([3, 28, 28, 1]);
    expect(few.data.subarray(784, 1568)).toEqual(half.test.x.data.subarray(3 * 784, 4 * 784));
  });
});

describe('a gradient', () => {
  it('is what one step of gradient descent moves, so another batch has another', async () => {
    const { train } = tinyHalf(HIGH);
    const snapshot = snapshotOf(makeNetwork(0));
    const norms = async (x: typeof train.x, y: typeof train.y): Promise<number[]> => {
      const meter = new GradientMeter({ x, y }, { frozen: false });
      return meter.norms(snapshot).finally(() => meter.dispose());
    };
    const all = await norms(train.x, train.y);
    expect(all).toHaveLength(4);
    expect(all.every((norm) => norm > 1e-4 && norm < 10)).toBe(true);
    expect(await norms(spread(train.x, 8), spread(train.y, 8))).not.toEqual(all);
  });
});

describe('the cost of a step', () => {
  it('is a multiplication for each weight at each place, three times, less what the plan leaves out', () => {
    const network = makeNetwork(0, { frozen: true });
    network.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 0 });
    const rows = planRows(network.plan());
    expect(rows.map(({ each }) => each)).toEqual([
      9 * 32 * 26 * 26,
      9 * 32 * 32 * 24 * 24,
      4608 * 128,
      128 * 5,
    ]);
    expect(rows.map(({ trained }) => trained)).toEqual([false, false, true, true]);
    expect(rows.map(({ cached }) => cached)).toEqual([true, true, false, false]);
    expect(rows[2].parts).toEqual({ forward: true, weightGradient: true, inputGradient: false });
    const { done, all } = multiplications(rows);
    expect(done).toBe(2 * 4608 * 128 + 3 * 128 * 5);
    expect(all).toBe(3 * rows.reduce((sum, { each }) => sum + each, 0));
  });
});

/** A drawing: a white bar on black, at a place of its own. */
const drawing = (row: number, column = 0): { width: number; height: number; data: Uint8ClampedArray } => {
  const data = new Uint8ClampedArray(40 * 40 * 4);
  for (let y = row; y < row + 6; y++) {
    for (let x = column; x < column + 25; x++) data.fill(255, (y * 40 + x) * 4, (y * 40 + x) * 4 + 4);
  }
  return { width: 40, height: 40, data };
};

describe('a look into a network', () => {
  it('has the image, the maps of both convolutions and the probabilities; of nothing there is none', async () => {
    const { snapshot } = trained.get('source') as Trained; // trained above
    const looker = new Looker(snapshot, HIGH);
    const { image, maps, digits, probabilities } = await looker.look(drawing(10, 5));
    expect(image).toHaveLength(784);
    expect(maps.map(({ shape }) => shape)).toEqual([
      [26, 26, 32],
      [24, 24, 32],
    ]);
    expect(maps.map(({ bytes }) => bytes.reduce((a, b) => Math.max(a, b)))).toEqual([255, 255]);
    expect(digits).toEqual(HIGH);
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    await expect(looker.look(drawing(60))).rejects.toThrow('no ink');
    await looker.dispose();
  });
});

const encoded = ({ json, weights }: Awaited<ReturnType<typeof encodeModel>>) => [json, weights] as const;

describe('classes of one’s own', () => {
  it('are learnt from a few drawings on frozen features, tried, kept, and tried again', async () => {
    const own = OwnClasses.ofDigits((trained.get('source') as Trained).snapshot); // trained above
    expect(own.info).toMatchObject({ name: 'transfer', size: [28, 28], features: 4608 });
    expect(own.model).toBeNull();
    // Upright and lying bars.
    const lying = await Promise.all(
      [4, 12, 20].map(async (row) => (await own.sample(drawing(row, 8))).features),
    );
    const turned = (row: number) => {
      const { data, ...size } = drawing(row, 8);
      const upright = data.slice();
      for (let y = 0; y < 40; y++)
        for (let x = 0; x < 40; x++)
          upright.fill(data[(x * 40 + y) * 4], (y * 40 + x) * 4, (y * 40 + x) * 4 + 4);
      return { ...size, data: upright };
    };
    const upright = await Promise.all([4, 12].map(async (row) => (await own.sample(turned(row))).features));
    const learnt = await own.learn([
      { name: 'lying', samples: lying },
      { name: 'upright', samples: upright },
    ]);
    expect(learnt).toMatchObject({ right: 5, samples: 5 });
    const full = own.model as Model; // learnt above
    const [asLying, asUpright] = await probabilitiesOf(full, turned(20));
    expect(asUpright).toBeGreaterThan(asLying);
    expect(full.classNames).toEqual(['lying', 'upright']);
    const again = await decodeModel(...encoded(await encodeModel(full)));
    expectClassifier(again);
    expect(await probabilitiesOf(again, turned(20))).toEqual([asLying, asUpright]);
    await expect(own.sample(drawing(60))).rejects.toThrow('no ink');
    await expect(
      own.learn([
        { name: 'a', samples: lying },
        { name: 'a', samples: upright },
      ]),
    ).rejects.toThrow();
  });

  it('stand on a network for photos that is handed in, where it says what it wants of pixels', async () => {
    const photo = input({ shape: [8, 8, 3] });
    const features = dense({ units: 6, activation: 'relu' }).apply(
      flatten().apply(rescaling({ scale: 1 / 255 }).apply(photo)),
    );
    const base = model({
      inputs: photo,
      outputs: dense({ units: 10, activation: 'softmax' }).apply(features),
      name: 'small',
    });
    const own = OwnClasses.ofPhotos(base);
    expect(own.info).toMatchObject({ name: 'small', size: [8, 8], features: 6 });
    const { features: row, thumbnail } = await own.sample(drawing(4));
    expect(row).toHaveLength(6);
    expect(thumbnail.data).toHaveLength(64 * 64 * 4);
    expect(() => OwnClasses.ofPhotos(makeNetwork(0))).toThrow('expected input [height, width, 3]');
    const silent = sequential([flatten({ inputShape: [8, 8, 3] }), dense({ units: 2 })]);
    expect(() => OwnClasses.ofPhotos(silent)).toThrow("doesn't say what it wants of pixels");
    // Kept ones are tried without the network that they were learnt on.
    const { features: other } = await own.sample(drawing(20));
    await own.learn([
      { name: 'high', samples: [row] },
      { name: 'low', samples: [other] },
    ]);
    const again = await decodeModel(...encoded(await encodeModel(own.model as Model))); // learnt above
    expectClassifier(again);
    expect(await probabilitiesOf(again, drawing(4))).toHaveLength(2);
    expect(() => expectClassifier(silent)).toThrow("doesn't say what it wants of pixels");
  });

  it('stand on a network whose file leaves the size of photos open, at 224 by 224', async () => {
    const photo = input({ shape: [224, 224, 3] });
    const outputs = globalAveragePooling2d().apply(rescaling({ scale: 1 / 255 }).apply(photo));
    const { json, weights } = encodeLayersModel(model({ inputs: photo, outputs, name: 'headless' }));
    const open = JSON.stringify(JSON.parse(json)).replaceAll('[null,224,224,3]', '[null,null,null,3]');
    expect(open).not.toContain('224');
    const files = [new File([open], 'model.json'), new File([weights as BlobPart], 'weights.bin')];
    const { info } = OwnClasses.ofPhotos(await modelOfFiles(files));
    expect(info).toMatchObject({ name: 'headless', size: [224, 224], features: 3 });
  });

  it('of files must be for drawings or photos, and tell two apart at least', () => {
    const asked = (model: Model) => () => expectClassifier(model);
    expect(asked(sequential([dense({ units: 2, inputShape: [3] })]))).toThrow(
      'expected a model for drawings of [28,28,1] or photos of [height,width,3], got [3]',
    );
    expect(asked(sequential([flatten({ inputShape: [28, 28, 1] }), dense({ units: 1 })]))).toThrow(
      'probabilities of two classes or more, got [1]',
    );
    expect(asked(sequential([rescaling({ scale: 1, inputShape: [8, 8, 3] })]))).toThrow('got [8,8,3]');
  });
});
