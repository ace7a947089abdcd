/**
 * Loaded before a program (`node --import`): writes the most memory that the process ever held, in MB, into the file
 * that DEGELO_BENCH_RSS names, when it ends.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.DEGELO_BENCH_RSS;
// Worker threads load this too, and are in the same process.
if (isMainThread && file) {
  process.on('exit', () => writeFileSync(file, `${process.resourceUsage().maxRSS / 1024}`));
}
