import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addGradcheckCommand } from '../../src/cli/gradcheck.ts';
import { checkCase, LOSS_CASES } from '../../src/gradcheck/suite.ts';
import { dense } from '../../src/layers/dense.ts';
import { sequential } from '../../src/training/sequential.ts';
import { temporaryFolder } from '../temporary.ts';

// The whole suite takes seconds; what it finds is tested by itself.
const { checkAll } = vi.hoisted(() => ({ checkAll: vi.fn() }));
vi.mock('../../src/gradcheck/suite.ts', async (original) => ({ ...(await original<object>()), checkAll }));

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let printed = '';
let folder = '';

beforeEach(() => {
  printed = '';
  folder = temporaryFolder();
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  checkAll.mockReset().mockImplementation((options) => [checkCase(LOSS_CASES[0], options)]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function gradcheck(...args: string[]): Promise<void> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addGradcheckCommand(program);
  await program.parseAsync(['gradcheck', ...args], { from: 'user' });
}

describe('degelo gradcheck', () => {
  it('prints a table and one line on all of it', async () => {
    await gradcheck('--seed', '3', '--kernel', 'plain');
    expect(checkAll).toHaveBeenCalledWith({ seed: 3, kernel: 'plain' });
    expect(printed).toMatch(/^ +variable +checked +gradient +worst +at +median +float32\n/);
    expect(printed).toContain('categorical cross-entropy (categoricalCrossentropy, 9 samples)');
    expect(printed).toMatch(/dense \/ kernel +all 30 .* pass\n/);
    expect(printed).toMatch(/\nAll 3 gradients pass: 81 comparisons, 0 undecided .*, 0 on kinks\.\n$/);
  });

  it('shows on a terminal how far it is, and takes that away at the end', async () => {
    let shown = '';
    vi.stubEnv('TERM', 'xterm');
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      shown += String(text);
      return true;
    });
    const terminal = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
    Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
    try {
      await gradcheck('--lang', 'pt');
    } finally {
      Object.defineProperty(process.stderr, 'isTTY', terminal ?? { value: undefined, configurable: true });
      vi.unstubAllEnvs();
    }
    const line = expect.stringMatching(/^Gradientes .* \d+% {2}faltam /);
    expect(shown.split('\r\x1b[K')).toEqual(['', line, '']);
  });

  it('prints both in Portuguese with --lang pt, whatever the verdicts are', async () => {
    checkAll.mockImplementation((options) => {
      const report = checkCase(LOSS_CASES[0], options);
      const [row] = report.rows;
      const odd = { ...row, directions: 2, coordinates: 5, undecided: 1234, kinks: 1, kinkAt: [2, 1] };
      const others = [
        { ...odd, result: 'fail' as const },
        { ...odd, worst: { error: 1, at: null }, result: 'undecided' as const },
        { ...row, kinks: 2, kinkAt: null, result: 'zero' as const },
      ];
      return [report, { ...report, samples: 1, passed: false, rows: others }];
    });
    await expect(gradcheck('--kernel', 'plain', '--lang', 'pt')).rejects.toThrow(
      'gradcheck: 2 de 6 gradientes não estão certos',
    );
    expect(printed).toMatch(/^ +variável +conferidos +gradiente +pior +em +mediana +float32\n/);
    expect(printed).toContain('(categoricalCrossentropy, 9 amostras)');
    expect(printed).toContain('(categoricalCrossentropy, 1 amostra)');
    expect(printed).toMatch(/dense \/ kernel +todos os 30 .* certo\n/);
    expect(printed).toMatch(
      /5 de \d+, 2 direções .* ERRADO, 1234 indecisos, 1 em dobras, a primeira em \[2,1\]\n/,
    );
    expect(printed).toMatch(/direção .* INDECISO/);
    expect(printed).toMatch(/zero, 2 em dobras\n/);
    expect(printed).toMatch(
      /\n2 de 6 gradientes .*: [\d.]+ comparações, 2\.468 indecisas .*, 4 em dobras\.\n$/,
    );
    expect(printed).not.toMatch(/\b(variable|samples?|all|of|pass|undecided|kinks|gradients)\b/);
  });

  it('prints JSON, and nothing else, with --json', async () => {
    await gradcheck('--json');
    const { seed, passed, reports } = JSON.parse(printed);
    expect({ seed, passed }).toEqual({ seed: 0, passed: true });
    expect(reports[0].rows[1]).toMatchObject({ layer: 'dense', variable: 'kernel', result: 'pass' });
  });

  it('fails after the table where a gradient is out of bounds', async () => {
    checkAll.mockImplementation((options) => {
      const { options: own, ...each } = LOSS_CASES[0];
      return [checkCase({ ...each, options: { ...own, bounds: { gradient: 1e-20 } } }, options)];
    });
    await expect(gradcheck()).rejects.toThrow(/^gradcheck: 3 of 3 gradients do not pass: /);
    expect(printed).toMatch(/dense \/ kernel +all 30 .* FAIL\n/);
  });

  it('checks a saved model under its own loss', async () => {
    const model = sequential({
      layers: [dense({ units: 4, activation: 'softmax', inputShape: [3] })],
      name: 'mine',
    });
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 0 });
    await model.save(folder);
    await gradcheck('--model', folder, '--coordinates', '5');
    const first = printed;
    await gradcheck(folder, '--coordinates', '5');
    expect(printed).toBe(first + first);
    expect(checkAll).not.toHaveBeenCalled();
    expect(printed).toContain('mine (categoricalCrossentropy, 9 samples)');
    expect(printed).toMatch(/dense \/ kernel +5 of 12, 2 directions .* pass/);
  });

  it('checks a saved model with layers of one’s own, whose module it is told to run', async () => {
    // As a user has it: the built package, in a process of its own.
    symlinkSync(ROOT, join(folder, 'degelo-package'), 'junction');
    const module = join(folder, 'twice.mjs');
    writeFileSync(
      module,
      `import { dense, Layer, registerLayer, sequential } from './degelo-package/dist/index.js';
       class Twice extends Layer {
         className = 'Twice';
         forward({ x, y }, N) { for (let i = 0; i < 2 * N; i++) y[i] = 2 * x[i]; }
         backward({ dy, dx }, N) { for (let i = 0; dx && i < 2 * N; i++) dx[i] = 2 * dy[i]; }
       }
       registerLayer('Twice', (options) => new Twice(options), import.meta.url);
       if (process.argv[2] === 'save') await sequential([dense({ units: 2, inputShape: [2] }), new Twice()]).save(process.argv[3]);`,
    );
    const saved = join(folder, 'saved');
    const run = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(run(module, 'save', saved)).toMatchObject({ stderr: '', status: 0 });
    const { stdout, status } = run(join(ROOT, 'dist/cli/main.js'), 'gradcheck', saved, '--import', module);
    expect(stdout).toMatch(/All 3 gradients pass/);
    expect(status).toBe(0);
    expect(run(join(ROOT, 'dist/cli/main.js'), 'gradcheck', saved).stderr).toContain(
      'unknown layer class Twice',
    );
  });

  it('refuses a model that is not there, and wrong usage', async () => {
    await expect(gradcheck('a', '--model', 'b')).rejects.toThrow('one model at a time: got a and --model b');
    await expect(gradcheck('--model', join(folder, 'nothing'))).rejects.toThrow(/nothing/);
    await expect(gradcheck('--seed', '-1')).rejects.toThrow(/whole number/);
  });
});
