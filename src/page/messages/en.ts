/** What the page says first, in English, beside what stands in index.html; numbers come in as text. What its later parts say: later-en.ts. */
import type { later } from './later-en.ts';

export const english = {
  locale: 'en',
  threadsOf: (count: number) => (count === 1 ? '1 thread' : `${count} threads`),
  oneThreadDoes: 'Everything works with one thread too, more slowly, with the same result.',
  noThreads: 'one thread, in a Worker',
  plainKernels: 'This browser runs no WebAssembly SIMD here, so training is slower, with the same result.',
  loading: 'Loading the images …',
  epochOf: (epoch: string, of: string) => `Epoch ${epoch} of ${of}`,
  testing: (epoch: string, of: string) => `Epoch ${epoch} of ${of}: testing`,
  done: (accuracy: string, seconds: string) =>
    `Done: ${accuracy} of the test digits are right, after ${seconds}.`,
  stopped: 'Stopped.',
  testDigits: (count: number) => `${count} test digits`,
  right: (right: number, all: number) => `${right} of these ${all} are right`,
  needsSource: 'First the digits 5–9 are learnt.',
  wayWords: { frozen: 'frozen', thawed: 'thawed', fresh: 'fresh' },
  training: 'training',
  test: 'test',
  byEpoch: 'Test accuracy, by epoch',
  bySeconds: 'Test accuracy, by seconds of training',
  epochAxis: 'epoch',
  secondsAxis: 'seconds',
  chartAbout: (name: string, from: string, to: string) => `${name}: from ${from} to ${to}`,
  perEpoch: (seconds: string) => `${seconds} an epoch`,
  trainedParams: (count: string) => `${count} numbers trained`,
  claim: (frozen: string, source: string) =>
    `After one epoch on frozen features ${frozen} of the digits 0–4 are right. The digits 5–9 came to ${source} in all their epochs.`,
  waysDone: (ends: string) => `Test digits that are right: ${ends}`,
  claimLater: (times: string) => `A later frozen epoch took ${times} of a thawed one’s time.`,
  workerDied: 'the Worker ended, which happens where memory runs out: close other pages, and try again',
  imagesMissing: (why: string) =>
    `the images of the digits can’t be loaded (${why}): try again when the page’s server can be reached`,
  imagesDamaged: 'the images of the digits came damaged: load the page again',
  noMemory: 'this browser has no memory left for it: close other pages, and try again',
  oldBrowser: 'this browser is too old for that: update it, or take another one',
  noRoom: 'this browser’s storage has no room left for this page',
  noStorage: (why: string) => `this browser gives the page no storage (${why})`,
  partMissing:
    'a part of the page can’t be loaded: try again, or load the page again, when its server can be reached',
  workerMissing: 'the Worker’s program can’t be loaded: try again when the page’s server can be reached',
  threadsSilent: 'the threads gave no answer',
  errorOf: (message: string) => message,
  failed: (reason: string) => `That didn’t work: ${reason}`,
};

/** What has to be said in every language. */
export type Said = typeof english & typeof later;
