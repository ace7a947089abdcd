#!/usr/bin/env node
/**
 * The plot of docs/performance.md: medians of a step on two threads, as bars.
 *
 *   node bench/plot.mjs bench/results/DATE.json > docs/performance.svg
 */
import { readFileSync } from 'node:fs';
import { expectFile, wrong } from './lib/wrong.mjs';

const WANTED = 'a JSON file that npm run bench -- steps wrote';
const path = expectFile('plot', WANTED, process.argv[2]);
const { machine, versions, parts } = read(path);
const steps = parts?.find(({ part }) => part === 'steps') ?? wrong(`plot: expected ${WANTED}, got ${path}`);

const WIDTH = 760;
const LABELS = 250;
const BAR = 20;
const STEP = 28;
const xml = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);

const body = [];
let y = 34;
for (const { title, unit, rows: all } of steps.groups.filter(({ title }) =>
  /^(full|frozen) step, 2 threads$/.test(title),
)) {
  // The plain kernels, ten times as long, would leave no room to see the others apart.
  const rows = all.filter(({ name }) => !name.startsWith('degelo plain'));
  const longest = Math.max(...rows.map(({ ms }) => ms.median));
  body.push(`<text class="head" x="0" y="${y}">${xml(title)} (${xml(unit)}, shorter is better)</text>`);
  y += 14;
  for (const { name, ms } of rows) {
    const length = Math.max(1, (ms.median / longest) * (WIDTH - LABELS - 60));
    const own = name.startsWith('degelo') ? 'own' : 'peer';
    body.push(
      `<text class="label" x="${LABELS - 8}" y="${y + 15}">${xml(name)}</text>`,
      `<rect class="${own}" x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR}"/>`,
      `<text x="${(LABELS + length + 6).toFixed(1)}" y="${y + 15}">${ms.median.toFixed(1)}</text>`,
    );
    y += STEP;
  }
  y += 26;
}
const { degelo, node } = versions;
const pythons = [
  ...new Set(
    Object.entries(versions).flatMap(([name, version]) => (/^PyTorch|^Keras/.test(name) ? [version] : [])),
  ),
];
const notes = [
  `degelo ${degelo} on Node ${node.slice(1)}, PyTorch ${pythons.join(', ')}`,
  `${machine.cpu}, ${machine.cores} cores; medians`,
];
console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 20}" role="img" aria-label="Milliseconds a training step">
<style>
  text { font: 13px sans-serif; fill: #1f2328; }
  .head { font-weight: bold; }
  .label { text-anchor: end; }
  .own { fill: #0969da; }
  .peer { fill: #8c959f; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .own { fill: #58a6ff; }
    .peer { fill: #6e7681; }
  }
</style>
${body.join('\n')}
${notes.map((note, line) => `<text x="0" y="${y - 6 + 20 * line}">${xml(note)}</text>`).join('\n')}
</svg>`);

/** @param {string} file */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return wrong(`plot: expected ${WANTED}, got ${file}`);
  }
}
