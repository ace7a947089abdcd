/** The types as users' compilers see them: all checks on, declarations of libraries included, except for those that come with TypeScript. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const PROGRAM = `
import {
  adadelta, type Callback, conv2d, Dense, dense, encodeKeras, type FitOptions, flatten, Layer, type LayerOptions, loadModel, type Loss, type LossRun, registerLayer,
  type Run, type Sequential, sequential, type Shape, sizeOf, type Tensor,
} from 'degelo';
import * as degelo from 'degelo';
import { loadMnist, type Mnist } from 'degelo/mnist';
import { fromNdarray, ndarray, ops, toNdarray } from 'degelo/ndarray';

const model: Sequential = sequential([
  conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 1] }), flatten(), dense({ units: 2 }),
]);
model.compile({ optimizer: adadelta({ learningRate: 1 }), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const losses: number[] = [];
const callback: Callback = { onEpochEnd: (_epoch, logs) => { losses.push(logs.loss); } };
await model.fit(new Float32Array(64), [[0, 1]], { callbacks: [callback] });
const y: Tensor = await model.predict(new Float32Array(64));
export const shape: readonly number[] = fromNdarray(toNdarray(y)).shape;
ops.mulseq(toNdarray(y), 2);
export const total: number = ops.sum(ndarray(new Float32Array(3), [3]));
const digits: Mnist = await loadMnist({ classes: [0, 1] });
await model.evaluate(digits.test.x, digits.test.labels);
export const { built } = await loadModel('x');
await using other = model;
class Twice extends Layer {
  readonly className = 'Twice';
  readonly factor: number;
  constructor(options: LayerOptions & { factor: number }) {
    super(options);
    this.factor = options.factor;
  }
  override computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
  forward({ x, y, stage }: Run, N: number): void {
    for (let i = 0; i < N * sizeOf(stage.inputShape); i++) y[i] = x[i] * this.factor;
  }
  backward({ dy, dx, stage }: Run, N: number): void {
    for (let i = 0; dx && i < N * sizeOf(stage.inputShape); i++) dx[i] = dy[i] * this.factor;
  }
}
registerLayer('Twice', (options: LayerOptions & { factor: number }) => new Twice(options), import.meta.url);
const loss: Loss = { name: 'mine', targetKind: 'rows', compute({ losses }: LossRun, N) { losses.fill(0, 0, N); } };
model.compile({ optimizer: 'adam', loss });
// An option that isn't given may be undefined, as where it comes from an option of one's own.
export const options = (epochs?: number, units?: number): [FitOptions, object] =>
  [{ epochs }, dense({ units: units ?? 2, name: undefined, kernelRegularizer: { l2: undefined, l1: 1 } })];
class Ours extends Dense {
  override readonly className = 'Ours';
}
export const ours = new Ours({ units: 2 });
export const figure: number = (await model.evaluate([[1]], [[1]])).loss;
export const body: Uint8Array<ArrayBuffer> = encodeKeras(model);
// Of a library that hands on what it has of degelo, all types must have names that its declarations can say.
export const handedOn = { ...degelo, model, toNdarray: () => toNdarray(y), load: () => loadMnist() };
// @ts-expect-error: no such option
dense({ unit: 2 });
`;

/** What only browsers have. */
const PAGE = `
import { fitDigit, loadModelFiles, pixelsOf } from 'degelo/browser';
declare const input: HTMLInputElement, frame: VideoFrame, canvas: OffscreenCanvas, data: ImageData, bitmap: ImageBitmap;
export const chosen = loadModelFiles(input.files);
export const drawn = [frame, canvas, data, bitmap, document.createElement('video')].map((each) => fitDigit(pixelsOf(each)));
`;

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  // As npm installs them: the built package, and Node's types.
  symlinkSync(root, join(folder, 'node_modules', 'degelo'), 'junction');
  symlinkSync(
    join(root, 'node_modules', '@types', 'node'),
    join(folder, 'node_modules', '@types', 'node'),
    'junction',
  );
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  writeFileSync(join(folder, 'page.ts'), PROGRAM + PAGE);
});

describe('a TypeScript program that uses degelo, without skipLibCheck', () => {
  it.each<[string, string, ts.CompilerOptions]>([
    [
      'for Node, without the DOM',
      'program.ts',
      { module: ts.ModuleKind.NodeNext, lib: ['lib.es2022.d.ts'], types: ['node'] },
    ],
    [
      'for bundlers and browsers',
      'page.ts',
      {
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
        types: [],
      },
    ],
  ])('%s: compiles with strict checks', (_, file, options) => {
    const program = ts.createProgram([join(folder, file)], {
      ...options,
      strict: true,
      declaration: true,
      exactOptionalPropertyTypes: true,
      noPropertyAccessFromIndexSignature: true,
      noEmit: true,
      skipDefaultLibCheck: true, // TypeScript's own, lib.*.d.ts
      target: ts.ScriptTarget.ES2022,
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    expect(problems).toEqual([]);
  });
});

it('options that may be left out may be undefined too', () => {
  const dist = join(root, 'dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts') && !/^(cli|experiment|report|page|model)/.test(file))
    .map((file) => readFileSync(join(dist, file), 'utf8'));
  const options = files.flatMap((text) => [
    ...text.matchAll(/^export interface (\w+Options)\b[^{]*\{\n([\s\S]*?)^\}/gm),
  ]);
  const exact = options.flatMap(([, name, body]) =>
    Array.from(
      body.matchAll(/^ {4}(?:readonly )?(\w+)\?: (?!never;)(?!.*(?:\bundefined;|\{)$).*/gm),
      ([, each]) => `${name}.${each}`,
    ),
  );
  expect(options.length).toBeGreaterThan(50);
  expect(exact).toEqual([]);
});
