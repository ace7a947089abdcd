/** `degelo report`, and what --lang does. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere, tinyIdxFolder } from './degelo.ts';

const folder = temporaryFolder();
const data = tinyIdxFolder(folder);
const out = join(folder, 'a run');
let stdout: string;
beforeAll(async () => {
  const options = ['--data', data, '--epochs', '2', '--batch-size', '16', '--threads', '1', '--seed', '3'];
  const run = await degeloHere('transfer', ...options, '--reverse', '--lang', 'pt', '--out', out);
  expect(run.code).toBe(0);
  stdout = run.stdout;
});
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

/** A copy of the run to be spoilt. */
function copy(name: string): string {
  const path = join(folder, name);
  cpSync(out, path, { recursive: true });
  return path;
}

describe('transfer --out --lang pt', () => {
  it('reports in Portuguese, on stdout, in report.txt and in report.html', () => {
    expect(stdout).toMatch(/^─+\n +0–4, tudo {2}5–9, congelado\n/);
    expect(stdout).toMatch(/^Acurácia no teste, por época +[▁-█]{2} +[▁-█]{2}$/m);
    expect(read('a run', 'report.txt')).toBe(stdout);
    expect(read('a run', 'report.html')).toContain(
      '<h1>Transferência de aprendizado: dígitos 0–4, depois 5–9</h1>',
    );
  });

  it('keeps the command that runs it again, and its JSON as it always is', async () => {
    const { arguments: args } = JSON.parse(read('a run', 'details.json'));
    expect(args).toEqual([
      ...[
        'transfer',
        '--reverse',
        '--data',
        data,
        '--epochs',
        '2',
        '--batch-size',
        '16',
        '--learning-rate',
        '1',
      ],
      ...[
        '--seed',
        '3',
        '--threads',
        '1',
        '--kernel',
        'auto',
        '--convolution',
        'auto',
        '--feature-cache-mb',
        '1024',
      ],
    ]);
    const again = await degeloHere(...args, '--lang', 'pt', '--json');
    expect(JSON.parse(again.stdout).weights_sha256).toBe(
      JSON.parse(read('a run', 'result.json')).weights_sha256,
    );
  });

  it('of other classes names those, also in the command', async () => {
    const path = join(folder, 'own classes');
    const classes = ['--source-classes', '9,1', '--target-classes', '0,4'];
    const options = ['--data', data, '--epochs', '1', '--threads', '1', '--out', path];
    expect((await degeloHere('transfer', ...classes, ...options)).code).toBe(0);
    const { arguments: args, source } = JSON.parse(read('own classes', 'details.json'));
    expect(args.join(' ')).toContain(classes.join(' '));
    expect(source.confusion).toHaveLength(2);
    expect(read('own classes', 'report.html')).toContain(
      '<h1>Transfer learning: digits 9, 1, then 0, 4</h1>',
    );
  });

  it('another language ends with 2 and the languages that there are', async () => {
    const { code, stderr } = await degeloHere('transfer', '--lang', 'fr');
    expect(code).toBe(2);
    expect(stderr).toContain("argument 'fr' is invalid. Allowed choices are en, pt.");
  });
});

describe('degelo report', () => {
  it('draws the page of a run again, in another language, without a change to anything else', async () => {
    const path = copy('again');
    const before = readdirSync(path).sort();
    rmSync(join(path, 'report.html'));
    const { code, stdout } = await degeloHere('report', path);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(path, 'report.html')}\n` });
    expect(read('again', 'report.html')).toContain('<h1>Transfer learning: digits 0–4, then 5–9</h1>');
    expect(readdirSync(path).sort()).toEqual(before);
    expect((await degeloHere('report', path, '--lang', 'pt')).code).toBe(0);
    expect(read('again', 'report.html')).toBe(read('a run', 'report.html'));
  });

  it('sets several runs side by side in the file that --out names, which is replaced with --force alone', async () => {
    const path = join(folder, 'several.html');
    const args = ['report', out, copy('other'), '--out', path];
    expect((await degeloHere(...args)).code).toBe(0);
    expect(read('several.html')).toContain('<h3>a run</h3>');
    expect(read('several.html')).toContain('<h3>other</h3>');
    writeFileSync(path, 'mine');
    const refused = await degeloHere(...args);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /^degelo: --out: file must be new: .*several\.html already exists \(--force replaces it\)\n$/,
    );
    expect(read('several.html')).toBe('mine');
    expect((await degeloHere(...args, '--force')).code).toBe(0);
    expect(read('several.html')).toContain('<h3>other</h3>');
  });

  it('calls runs by their paths where their folders have the same name', async () => {
    mkdirSync(join(folder, 'b'));
    const twin = copy(join('b', 'a run'));
    const path = join(folder, 'twins.html');
    expect((await degeloHere('report', out, twin, '--out', path)).code).toBe(0);
    expect(read('twins.html')).toContain(`<h3>${twin}</h3>`);
  });

  it('needs --out for several runs, and a folder at all', async () => {
    const several = await degeloHere('report', out, out);
    expect(several.code).toBe(2);
    expect(several.stderr).toBe('degelo: --out: several runs need a file for their page: --out runs.html\n');
    expect((await degeloHere('report')).code).toBe(2);
  });

  it.each<[string, (path: string) => void, RegExp]>([
    [
      'nothing',
      (path) => rmSync(path, { recursive: true }),
      /: no such folder: expected one that transfer --out wrote\n$/,
    ],
    [
      'no result',
      (path) => rmSync(join(path, 'result.json')),
      /result\.json: no such file: expected a folder that transfer --out wrote\n$/,
    ],
    [
      'no details',
      (path) => rmSync(join(path, 'details.json')),
      /details\.json: no such file: expected a folder that transfer --out wrote\n$/,
    ],
    [
      'a damaged result',
      (path) => writeFileSync(join(path, 'result.json'), '{"version": '),
      /result\.json: damaged JSON: .*\n$/,
    ],
    [
      'details of another version',
      (path) => {
        const text = readFileSync(join(path, 'details.json'), 'utf8');
        writeFileSync(join(path, 'details.json'), text.replace('"formatVersion": 1', '"formatVersion": 7'));
      },
      /details\.json: formatVersion must be 1, got 7\n$/,
    ],
    [
      'a run that goes on',
      (path) => {
        rmSync(join(path, 'result.json'));
        mkdirSync(join(path, 'checkpoint'));
      },
      /holds a run that isn't finished \(degelo transfer --resume .* continues it\)\n$/,
    ],
  ])('of a folder with %s says so in one line, and leaves the old page', async (name, spoil, message) => {
    const path = copy(`with ${name}`);
    spoil(path);
    const { code, stdout, stderr } = await degeloHere('report', path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^degelo: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    if (name !== 'nothing') expect(read(`with ${name}`, 'report.html')).toBe(read('a run', 'report.html'));
  });

  it('says where a page can’t be written', async () => {
    const { code, stderr } = await degeloHere(
      'report',
      out,
      '--out',
      join(data, 't10k-labels-idx1-ubyte', 'x.html'),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^degelo: --out: .*x\.html can't be written: .*\(E\w+\)\n$/);
  });
});
