/** The golden run in edge runtimes, as the answer to a request: Cloudflare's workerd, and the one that Vercel develops for. */
import { createRequire } from 'node:module';
import { goldenImages } from '../golden/images.mjs';
import { bundle } from './bundle.mjs';

/** @typedef {{ kernel: string, threads: number }} Options */

const ADDRESS = 'http://localhost/';
const HANDLER = `
  import { goldenRun } from './run.mjs';
  const answer = async (request) => {
    const { images, options } = await request.json();
    return Response.json(await goldenRun(images.map((bytes) => Uint8Array.from(bytes)), options));
  };`;

const require = createRequire(import.meta.url);
/** @param {string} name of a package here */
export const versionOf = (name) => String(require(`${name}/package.json`).version);

/** @param {Options} options */
const request = (options) => ({
  method: 'POST',
  body: JSON.stringify({ images: goldenImages().map((bytes) => Array.from(bytes)), options }),
});

/** @param {Options} options */
export async function runInWorkerd(options) {
  const { Miniflare } = await import('miniflare');
  const contents = `${HANDLER} export default { fetch: answer };`;
  const script = await bundle({ format: 'esm', contents, conditions: ['workerd', 'worker'] });
  const host = new Miniflare({ modules: true, script, compatibilityDate: '2026-04-01' });
  try {
    return await read(await host.dispatchFetch(ADDRESS, request(options)));
  } finally {
    await host.dispose();
  }
}

/** @param {Options} options */
export async function runInVercelsEdge(options) {
  const { EdgeRuntime } = await import('edge-runtime');
  const contents = `${HANDLER} addEventListener('fetch', (event) => event.respondWith(answer(event.request)));`;
  const initialCode = await bundle({ format: 'iife', contents, conditions: ['edge-light', 'worker'] });
  return read(await new EdgeRuntime({ initialCode }).dispatchFetch(ADDRESS, request(options)));
}

/** @param {{ ok: boolean, text(): Promise<string> }} response */
async function read(response) {
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}
