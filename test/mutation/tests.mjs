/**
 * One vitest that stays, in a process of its own that `run.mjs` starts and ends: what it has read and compiled of the sources serves
 * for the next mistake too. Told of a mistake and of tests, it answers which test failed first.
 */
import { fileURLToPath } from 'node:url';
import { createVitest } from 'vitest/node';
import { ELSEWHERE } from './reach.mjs';

/**
 * @typedef {import('./vitest.config.ts').Wanted} Wanted
 * @typedef {{ wanted: Wanted, tests: string[] | null }} Order null: all tests
 * @typedef {{ test: string, passed: boolean, seconds: number, reached: number[] }} Seen
 * @typedef {{ failed: string | null, seen: Seen[] }} Answer
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const wanted = { changes: /** @type {Wanted['changes']} */ ([]), measures: process.argv[2] === 'measures' };
Object.assign(globalThis, { degeloMutation: wanted });
/** @type {Answer} */
let answer = { failed: null, seen: [] };

const vitest = await createVitest('test', {
  root,
  config: fileURLToPath(new URL('vitest.config.ts', import.meta.url)),
  watch: false,
  bail: wanted.measures ? 0 : 1,
  reporters: [
    {
      onTestCaseResult(test) {
        if (test.result().state === 'failed')
          answer.failed ??= `${test.module.relativeModuleId}: ${test.fullName}`;
      },
      onTestModuleEnd(module) {
        const test = module.relativeModuleId;
        const passed = module.ok();
        if (!passed && module.errors().length > 0) answer.failed ??= test;
        const { duration, setupDuration, collectDuration } = module.diagnostic();
        const seconds = (duration + setupDuration + collectDuration) / 1000;
        answer.seen.push({ test, passed, seconds, reached: module.meta().reached ?? [] });
        if (wanted.measures) console.error(`${test}: ${seconds.toFixed(1)} s`);
      },
      onTestRunEnd(_, errors) {
        if (errors.length > 0) answer.failed ??= errors[0]?.message ?? 'an error of no test';
      },
    },
  ],
});
const specifications = await vitest.globTestSpecifications();

process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL')); // with those that run tests
process.on('message', async (/** @type {Order} */ order) => {
  const stale = [...wanted.changes, ...order.wanted.changes].map(({ file }) => file);
  wanted.changes = order.wanted.changes;
  for (const file of new Set(stale)) vitest.invalidateFile(`${root}${file}`);
  answer = { failed: null, seen: [] };
  const ordered = order.tests
    ? order.tests.flatMap((test) => specifications.filter(({ moduleId }) => moduleId === root + test))
    : specifications.filter(({ moduleId }) => !ELSEWHERE.test(moduleId.slice(root.length)));
  await vitest.runTestSpecifications(ordered);
  process.send?.(answer);
});
