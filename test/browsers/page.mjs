/**
 * The program of every page: it trains the golden run with the library that stands behind the name `degelo`, and leaves in
 * `globalThis.result` what came out. `?threads=2&kernel=plain&worker=/worker.js` are the options of compile; what isn't there, isn't given.
 */
import { dense, sequential } from 'degelo';
import { goldenRun } from './golden.mjs';

const query = new URL(location.href).searchParams;
const address = query.get('worker');
const options = {
  kernel: query.get('kernel') ?? 'auto',
  ...(query.has('threads') && { threads: Number(query.get('threads')) }),
  ...(address && { worker: () => new Worker(address, { type: 'module' }) }),
};

const warnings = [];
console.warn = (text) => warnings.push(String(text));

/** The longest time for which the page could do nothing else. */
let longest = 0;
let last = performance.now();
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
  port2.postMessage(0);
};

try {
  const images = (await (await fetch('images.json')).json()).map((bytes) => Uint8Array.from(bytes));
  const model = sequential([dense({ units: 1, inputShape: [1] })]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...options });
  await model.predict([[1]]);
  const { threads, threadsReason } = model;
  // Compiles the kernels, which is not what training blocks for.
  port2.postMessage(0);
  last = performance.now();
  const start = performance.now();
  const golden = await goldenRun(images, options);
  const milliseconds = Math.round(performance.now() - start);
  globalThis.result = {
    golden,
    threads,
    threadsReason,
    warnings,
    longest: Math.round(longest),
    milliseconds,
  };
} catch (error) {
  globalThis.result = { error: `${error.name}: ${error.message}`, warnings };
}
