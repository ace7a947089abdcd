/** The thread in which readers read, so that another one can see when they don't come back. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { build } from 'esbuild';
import { pack, unpack } from './packing.mjs';

const { list, names, runs, edges: withEdges, seed, input, shared } = workerData;
const path = (name) => new URL(`../../${name}`, import.meta.url).pathname;

// The sources, as in tests: package.json's "imports" would lead to dist.
const alias = {
  '#files': path('src/formats/files-node.ts'),
  '#save': path('src/formats/save-model.ts'),
  '#unpacker': path('src/formats/unpacker-node.ts'),
  '#pool': path('src/training/threads/pool-node.ts'),
  '#libjpeg-turbo': path('dist/data/libjpeg-turbo/wasm.mjs'),
};
/** Each module finds files beside itself, as it does where it isn't bundled. */
const ownUrl = {
  name: 'own url',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      ),
      loader: 'ts',
    })),
};
/** What these modules export, bundled: vite's runner takes five times as long to load the sources. */
async function load(modules) {
  const folder = mkdtempSync(path('node_modules/.fuzz-')); // where its imports of packages lead somewhere
  const outfile = `${folder}/all.mjs`;
  try {
    await build({
      stdin: {
        contents: modules.map((file) => `export * from ${JSON.stringify(file)};`).join('\n'),
        resolveDir: path(''),
      },
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      alias,
      plugins: [ownUrl],
      logLevel: 'silent', // what is wrong is thrown
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const { readers, campaign, edgeCampaign, collectGarbage, measure } = await load([
  list,
  path('test/fuzz/campaign.ts'),
  path('test/fuzz/measure.ts'),
]);

/** Bytes that are still in use after a collection of garbage. */
function bytesKept() {
  for (let i = 0; i < 3; i++) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What is being read, where the main thread finds it even if this one never answers again. */
const state = new Int32Array(shared, 0, 2); // number of the input, and length of its bytes: 0 between inputs
const bytes = new Uint8Array(shared, 8);
function onInput(current) {
  if (!current) {
    Atomics.store(state, 1, 0);
    return;
  }
  const packed = pack(current).subarray(0, bytes.length);
  bytes.set(packed);
  Atomics.add(state, 0, 1);
  Atomics.store(state, 1, packed.length);
}

const chosen = readers.filter(({ name }) => names.length === 0 || names.includes(name));
const unknown = names.find((name) => !readers.some((reader) => reader.name === name));
if (unknown !== undefined || (input && chosen.length !== 1)) {
  const known = readers.map(({ name }) => name).join(', ');
  parentPort.postMessage({ wrong: `--reader: expected one of ${known}, got ${unknown ?? names}` });
} else if (input) {
  const files = unpack(input);
  onInput(files);
  parentPort.postMessage({ cost: await measure(chosen[0], files) });
} else {
  for (const reader of chosen) {
    let kept = 0;
    let batch = 0;
    const at = (inputs) =>
      parentPort.postMessage({ at: { reader: reader.name, seed: seed + batch, inputs } });
    at(0);
    if (withEdges) {
      const edges = await edgeCampaign(reader, onInput);
      const failures = edges.failures.map((failure) => ({ ...failure, input: pack(failure.input) }));
      parentPort.postMessage({ edges: { ...edges, failures } });
    }
    if (runs === 0) continue;
    const tally = await campaign(reader, {
      runs,
      seed,
      onInput,
      onBatch({ inputs }) {
        batch++;
        at(inputs);
        // After the first batch: by then all that is made once has been made.
        if (kept === 0) kept = bytesKept();
      },
    });
    const failure = tally.failure && { ...tally.failure, input: pack(tally.failure.input) };
    parentPort.postMessage({ tally: { ...tally, failure }, growth: bytesKept() - kept });
    onInput(null);
  }
}
