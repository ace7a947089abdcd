/** Whatever a file says, no command lets it steer the terminal. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { encodeCell } from '../../src/experiment/study-file.ts';
import { cellCount } from '../../src/experiment/study-grid.ts';
import { encodeSafetensors } from '../../src/formats/safetensors.ts';
import { dense, sequential, tensor } from '../../src/index.ts';
import { idx } from '../data/files.ts';
import { cellOf, STUDY } from '../experiment/study-cells.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere } from './degelo.ts';

const folder = temporaryFolder();
const EVIL = 'x\u001b]0;owned\u0007\u009b31m\u202etxt\u2066\u2028y';
const STEERS = /(?!\n)[\p{Cc}\p{Zl}\p{Bidi_Control}]/u;

const file = (name: string, contents: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
};
const evilModel = async (): Promise<string> => {
  const path = join(folder, 'model');
  await sequential({ name: EVIL, layers: [dense({ units: 2, name: EVIL, inputShape: [3] })] }).save(path);
  return path;
};
const evilTensors = () =>
  file('w.safetensors', encodeSafetensors(new Map([[`${EVIL}/kernel`, tensor([1])]])));
const evilJson = (name: string) => {
  mkdirSync(join(folder, name), { recursive: true });
  file(`${name}/result.json`, JSON.stringify({ version: EVIL, engine: EVIL, data: EVIL, [EVIL]: 1 }));
  file(`${name}/model.json`, JSON.stringify({ format: EVIL, modelTopology: EVIL }));
  file(`${name}/details.json`, '{}');
  return join(folder, name);
};

it.each<[string, () => Promise<string[]> | string[]]>([
  ['evaluate', async () => ['evaluate', await evilModel()]],
  ['evaluate of a file by that name', () => ['evaluate', join(folder, EVIL)]],
  ['predict', async () => ['predict', await evilModel(), file(EVIL, idx([1, 1, 1], Uint8Array.of(1)))]],
  ['convert of a model', async () => ['convert', await evilModel(), join(folder, 'out.npz')]],
  [
    'convert of weights',
    async () => ['convert', evilTensors(), join(folder, 'o'), '--architecture', await evilModel()],
  ],
  ['convert of another format', () => ['convert', evilJson('tfjs'), join(folder, 'p')]],
  ['convert to a file by that name', async () => ['convert', await evilModel(), join(folder, `${EVIL}.npz`)]],
  ['report', () => ['report', evilJson('run')]],
  ['data check', () => ['data', 'check', file(`${EVIL}.npz`, EVIL)]],
  ['transfer --data', () => ['transfer', '--data', join(folder, EVIL)]],
  ['transfer --resume', () => ['transfer', '--resume', evilJson('finished')]],
  ['study --merge of another study', () => ['study', '--merge', evilJson('nothing')]],
  ['an unknown command', () => [EVIL]],
])('%s shows nothing of it as it is', async (_, args) => {
  const { stdout, stderr } = await degeloHere(...(await args()));
  expect(stdout + stderr).not.toBe('');
  expect(stdout).not.toMatch(STEERS);
  expect(stderr).not.toMatch(STEERS);
});

it('study --merge shows no kernel and engine of a cell as they are, in text and in JSON', async () => {
  const study = {
    ...STUDY,
    directions: ['forward' as const],
    learning_rates: [1],
    seeds: 1,
    samples: ['all' as const],
  };
  const cells = join(folder, 'cells');
  mkdirSync(cells);
  for (let index = 0; index < cellCount(study); index++) {
    const cell = cellOf(study, index);
    const origin = { ...cell.origin, kernel: EVIL, engine: EVIL };
    writeFileSync(
      join(cells, `cell-${String(index).padStart(6, '0')}.json`),
      await encodeCell({ ...cell, origin }),
    );
  }
  for (const json of [[], ['--json']]) {
    const { code, stdout, stderr } = await degeloHere('study', '--merge', cells, ...json);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(STEERS);
  }
});

it('summary and warnings show no name of a layer as it is', async () => {
  const lines: string[] = [];
  const warned = vi.spyOn(console, 'warn').mockImplementation((line) => void lines.push(line));
  const layer = dense({ units: 1, name: EVIL, inputShape: [1] });
  const model = sequential({ name: EVIL, layers: [layer] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
  model.summary((line) => void lines.push(line));
  lines.push(model.describePlan());
  layer.trainable = false;
  await model.evaluate([[1]], [[1]]);
  warned.mockRestore();
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.join('\n')).toContain('x ]0;owned');
  expect(lines.join('\n')).not.toMatch(STEERS);
});
