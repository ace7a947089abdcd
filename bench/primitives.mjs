/**
 * Each SIMD kernel by itself: GFLOP/s, and its share of what registers alone give. kernels.mjs measures, in a process of
 * its own for each mode, since its memory and its data are large; here its text joins the report.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('./kernels.mjs', import.meta.url));
const runFile = promisify(execFile);

export const title = 'Primitives, one thread, in the shapes of the experiment';

/** @param {import('./lib/options.mjs').Options} options */
export async function run({ kernels, log }) {
  const texts = [];
  for (const kernel of kernels.filter((name) => name !== 'plain')) {
    log(`  ${kernel}`);
    const { stdout } = await runFile(process.execPath, [...process.execArgv, SCRIPT, kernel]);
    texts.push(`\`\`\`text\n${stdout.trim()}\n\`\`\``);
  }
  return { title, groups: [], text: texts.join('\n\n') || 'This engine has no SIMD kernels.' };
}
