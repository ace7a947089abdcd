/**
 * What it costs to start: kernels are assembled and compiled when a shape first needs them, some fifty for a MobileNetV2.
 *
 *   npm run build && node bench/start-up.mjs [threads …]        by default 0 and 2; each in a process of its own
 *
 * From the first call of `predict` on one image of 224×224 to its answer, and what later calls take (median of seven): the difference is
 * what starting costs, workers included. Beside it the calling thread's share, where it does the work: modules, and the milliseconds in
 * which they are assembled, compiled and instantiated. V8 keeps one compiled module a process for the same bytes, so that a second
 * worker doesn't compile again.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mobileNetV2, noise } from './lib/graphs.mjs';
import { degelo } from './lib/library.mjs';
import { median } from './lib/statistics.mjs';
import { expectCount } from './lib/wrong.mjs';
import { buildGraph } from './peers/graphs.mjs';

const CHILD = 'one';
const [first, ...rest] = process.argv.slice(2);

if (first === CHILD) await startWith(Number(rest[0]));
else {
  const counts = process.argv.length > 2 ? process.argv.slice(2) : ['0', '2'];
  for (const threads of counts) expectCount('start-up', 'threads', threads, 0);
  for (const threads of counts) {
    const words = [fileURLToPath(import.meta.url), CHILD, threads];
    process.stdout.write(execFileSync(process.execPath, words));
  }
}

/** @param {number} threads */
async function startWith(threads) {
  const graph = mobileNetV2();
  const { model } = buildGraph(graph);
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads });
  const x = new degelo.Tensor(noise(graph, 1), [1, graph.image, graph.image, 3]);
  const compiled = watchCompiler();
  const call = async () => {
    const begin = performance.now();
    await model.predict(x, { batchSize: 1 });
    return performance.now() - begin;
  };
  const start = await call();
  const modules = { ...compiled };
  const later = [];
  for (let i = 0; i < 7; i++) later.push(await call());
  const usual = median(later);
  const own =
    threads === 0
      ? `; ${modules.count} modules compiled and instantiated in ${modules.ms.toFixed(0)} ms`
      : '';
  console.log(
    `threads ${threads}: first ${start.toFixed(0)} ms, later ${usual.toFixed(0)} ms: start ${(start - usual).toFixed(0)} ms${own}`,
  );
  await model.dispose();
}

/** Counts and times what WebAssembly compiles on this thread from now on. */
function watchCompiler() {
  const seen = { count: 0, ms: 0 };
  for (const name of ['Module', 'Instance']) {
    WebAssembly[name] = new Proxy(WebAssembly[name], {
      construct(target, given) {
        const begin = performance.now();
        const made = new target(...given);
        seen.ms += performance.now() - begin;
        if (name === 'Module') seen.count++;
        return made;
      },
    });
  }
  return seen;
}
