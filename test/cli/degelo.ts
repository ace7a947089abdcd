/** Starts the built program; `npm test` builds it first. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { idx } from '../data/files.ts';
import { SIDE, tinyHalf } from '../experiment/tiny.ts';
import { fastPackage } from '../fast-package.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What a finished run leaves in its folder. */
export const RESULTS = [
  'details.json',
  'report.html',
  'report.txt',
  'result.json',
  'source-model',
  'target-model',
];

export interface Outcome {
  /** Exit code; null where a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Resolves once stderr has shown this text. */
  until(text: string): Promise<void>;
}

/** Runs `degelo` with these arguments to its end. */
export async function degelo(...args: string[]): Promise<Outcome> {
  return (await start(...args)).outcome;
}

/** The same as it is published, of many files. */
export function degeloOfMany(...args: string[]): Promise<Outcome> {
  return startProgram(MAIN, args).outcome;
}

/** The same within this process, from the sources: much faster, for what ends by itself. */
export async function degeloHere(...args: string[]): Promise<Outcome> {
  const text = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      text[name] += chunk;
      return true;
    }),
  );
  try {
    return { code: await run(args), ...text };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The same, with a terminal of 80 columns to show progress on. */
export async function degeloOnTerminal(...args: string[]): Promise<Outcome> {
  const { isTTY, columns } = process.stderr;
  vi.stubEnv('TERM', 'xterm');
  Object.assign(process.stderr, { isTTY: true, columns: 80 });
  try {
    return await degeloHere(...args);
  } finally {
    Object.assign(process.stderr, { isTTY, columns });
    vi.unstubAllEnvs();
  }
}

/** Starts `degelo`, as the leader of a process group of its own. */
export async function start(...args: string[]): Promise<Running> {
  return startProgram(join(await fastPackage(), 'dist/cli/main.js'), args);
}

function startProgram(main: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, [main, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text.stdout += chunk;
  });
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    text.stderr += chunk;
    for (const { text: expected, resolve } of waiting) if (text.stderr.includes(expected)) resolve();
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
  return {
    child,
    outcome,
    until: (expected) =>
      new Promise((resolve, reject) => {
        if (text.stderr.includes(expected)) resolve();
        else waiting.push({ text: expected, resolve });
        void outcome.then(({ code, stderr }) =>
          reject(new Error(`ended with ${code} before it showed ${expected}:\n${stderr}`)),
        );
      }),
  };
}

/** Whether any process of the group is left. */
export function groupIsAlive({ child }: Running): boolean {
  try {
    process.kill(-(child.pid as number), 0); // it has started, so there is a pid
    return true;
  } catch {
    return false;
  }
}

/** Writes the miniature MNIST as IDX files. */
export function tinyIdxFolder(parent: string): string {
  const folder = join(parent, 'idx');
  mkdirSync(folder);
  for (const [name, half] of [
    ['train', tinyHalf(12)],
    ['t10k', tinyHalf(4, 5)],
  ] as const) {
    const N = half.labels.length;
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idx([N, SIDE, SIDE], half.images));
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), idx([N], half.labels));
  }
  return folder;
}
