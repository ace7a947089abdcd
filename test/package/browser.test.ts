/** The public entry in a browser: what pretest built, bundled as a browser's bundler does it. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { decodeImage, resizeImage, sequential, weightsSha256 } from '../../src/index.ts';
import { jpegFile } from '../data/photos/fixtures.ts';
import { greyPng } from '../data/png-writer.ts';
import { temporaryFolder } from '../temporary.ts';

const run = promisify(execFile);
const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

const jpeg = jpegFile('progressive');
/** White on black, one dot. */
const PIXELS = [0, 0, 0, 0, 255, 0, 0, 0, 0];

let bundle: Rollup.OutputChunk;
let folder: string;
beforeAll(async () => {
  folder = temporaryFolder();
  const outputs = await build({
    configFile: false,
    root: folder,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry, formats: ['es'], fileName: 'degelo' },
    },
  });
  // One format gives a list of one output: one chunk; SHA-256 and the JPEG decoder, which are loaded where they are wanted; the program of
  // threads.
  const [{ output }] = outputs as Rollup.RollupOutput[];
  expect(output.map(({ fileName }) => fileName.replace(/-[\w-]{8}\./, '.'))).toEqual([
    'degelo.mjs',
    'noble.mjs',
    expect.stringMatching(/^wasm.*\.m?js$/),
    expect.stringMatching(/worker-web.*\.js$/),
  ]);
  bundle = output[0];
  for (const chunk of output) {
    if (chunk.type === 'chunk') writeFileSync(join(folder, chunk.fileName), chunk.code);
  }
});

describe('the browser bundle', () => {
  it('holds our own modules, and flatbuffers: no Node module, no piscina, no other package', () => {
    const isNode = (id: string): boolean =>
      id.startsWith('node:') || id.includes('browser-external') || builtinModules.includes(id);
    const modules = Object.keys(bundle.modules);
    expect(modules.filter(isNode)).toEqual([]);
    const packages = modules.filter((id) => id.includes('node_modules'));
    expect(packages.filter((id) => !id.includes('node_modules/flatbuffers/mjs/'))).toEqual([]);
    expect(bundle.imports).toEqual([]);
    expect([...bundle.dynamicImports].sort()).toEqual([
      expect.stringMatching(/^noble/),
      expect.stringMatching(/^wasm/),
    ]);
    expect(modules.some((id) => id.endsWith('files-none.js'))).toBe(true);
    expect(modules.some((id) => id.endsWith('pool-web.js'))).toBe(true);
  });

  it('trains and keeps a model where code from strings is forbidden and Node’s globals are gone, with the same bits', async () => {
    const train = `
      const model = sequential({ seed: 1, layers: [
        conv2d({ filters: 2, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
        maxPooling2d(), dropout({ rate: 0.5 }), flatten(), dense({ units: 2, activation: 'softmax' }),
      ] });
      model.compile({ optimizer: adadelta({ learningRate: 1 }), loss: 'categoricalCrossentropy', threads: 0 });
      const x = Float32Array.from({ length: 4 * 36 }, (_, i) => (i % 7) / 7);
      await model.trainOnBatch(new Tensor(x, [4, 6, 6, 1]), [[1, 0], [0, 1], [1, 0], [0, 1]]);
    `;
    writeFileSync(
      join(folder, 'page.mjs'),
      `const { log } = console;
       for (const name of ['process', 'Buffer', 'global', 'setImmediate', 'crypto']) delete globalThis[name];
       let eval_ = 'allowed';
       try { new Function('1')(); } catch { eval_ = 'forbidden'; }
       const { sequential, conv2d, maxPooling2d, dropout, flatten, dense, adadelta, Tensor, encodeModel, decodeModel,
         weightsSha256, decodeLayersModel, decodeNpz, decodeSafetensors, encodeLayersModel, encodeNpz, encodeSafetensors,
         namedWeights, setNamedWeights, decodePng, decodeIdx, fitDigit, fromPixels, toCategorical, argMax, decodeImage,
         resizeImage } = await import('./degelo.mjs');
       ${train}
       const { json, weights } = await encodeModel(model);
       const saved = await model.save('here').catch((error) => error.message);
       const read = await decodeModel(json, weights);
       const theirs = encodeLayersModel(read);
       const exchanged = decodeLayersModel(theirs.json, theirs.weights);
       setNamedWeights(exchanged, decodeNpz(encodeNpz(namedWeights(exchanged))));
       setNamedWeights(exchanged, decodeSafetensors(encodeSafetensors(namedWeights(exchanged))).tensors);
       const hashes = [await weightsSha256(read), await weightsSha256(exchanged)];
       const png = await decodePng(Uint8Array.of(${greyPng(3, 3, PIXELS)}));
       const labels = await decodeIdx(Uint8Array.of(${[...gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 1, 0))]}));
       const numbers = {
         pixels: fromPixels(png, 1).toNested().flat(2), digit: fitDigit(png, { height: 3, width: 3 }).toNested().flat(3),
         labels: argMax(toCategorical(labels.data)).join(),
         photo: [...resizeImage(await decodeImage(Uint8Array.of(${jpeg})), { size: 1 }).data],
       };
       log(JSON.stringify({ eval: eval_, saved, hashes, numbers }));`,
    );
    const { stdout } = await run(process.execPath, [
      '--disallow-code-generation-from-strings',
      join(folder, 'page.mjs'),
    ]);

    // The same script against the sources, in Node.
    // The script has a model of its own.
    const { model: _, ...given } = degelo;
    const names = Object.keys(given);
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    const model = await new AsyncFunction(...names, `${train} return model;`)(...Object.values(given));
    expect(model).toBeInstanceOf(sequential([]).constructor);
    expect(JSON.parse(stdout)).toEqual({
      eval: 'forbidden',
      saved: expect.stringContaining('use encodeModel'),
      hashes: Array(2).fill(await weightsSha256(model)),
      numbers: {
        pixels: PIXELS,
        digit: [0, 0, 0, 0, 1, 1, 0, 1, 1],
        labels: '1,0',
        photo: [...resizeImage(await decodeImage(jpeg), { size: 1 }).data],
      },
    });
  });
});
