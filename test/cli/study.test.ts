/** `degelo study` in parts: what a shared folder may hold, and what becomes of that. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { CellFolder, readCellFolders } from '../../src/cli/cell-folder.ts';
import { cellFile, encodeCell, encodeStudy, STUDY_CELLS } from '../../src/experiment/study-file.ts';
import { cellCount, type Study } from '../../src/experiment/study-grid.ts';
import { mergeStudy } from '../../src/experiment/study-merge.ts';
import { cellOf, cellsOf, STUDY } from '../experiment/study-cells.ts';
import { temporaryFolder } from '../temporary.ts';
import { degelo, degeloHere, degeloOnTerminal, tinyIdxFolder } from './degelo.ts';

const folder = temporaryFolder();
const data = tinyIdxFolder(folder);
let folders = 0;

/** A folder with some cells of a study. */
async function studyFolder(study: Study, indices: readonly number[]): Promise<string> {
  const path = join(folder, `study-${folders++}`);
  mkdirSync(path);
  writeFileSync(join(path, 'study.json'), encodeStudy(study));
  for (const index of indices) {
    writeFileSync(join(path, cellFile(index)), await encodeCell(cellOf(study, index)));
  }
  return path;
}

const ALL = Array.from({ length: cellCount(STUDY) }, (_, index) => index);
const EVEN = ALL.filter((index) => index % 2 === 0);
const ODD = ALL.filter((index) => index % 2 === 1);
const merged = `${JSON.stringify(mergeStudy(cellsOf(STUDY)).result, null, 2)}\n`;

describe('study --merge', () => {
  it('joins what folders hold to the same bytes, however the cells were dealt to them', async () => {
    const [all, even, odd] = await Promise.all([ALL, EVEN, ODD].map((some) => studyFolder(STUDY, some)));
    for (const paths of [[all], [even, odd], [odd, even]]) {
      expect(await degeloHere('study', '--merge', ...paths, '--json')).toEqual({
        code: 0,
        stdout: merged,
        stderr: '',
      });
    }
    const { code, stdout } = await degeloHere('study', '--merge', all);
    expect(code).toBe(0);
    expect(stdout).toContain('16 cells took 2 min 40 s in all');
  });

  it('passes over what is no cell: logs, and what a killed task was writing', async () => {
    const all = await studyFolder(STUDY, ALL);
    for (const name of ['degelo-study-7_3.log', '.cell-000003.json.0b7e.partial'])
      writeFileSync(join(all, name), 'x');
    expect((await degeloHere('study', '--merge', all, '--json')).stdout).toBe(merged);
  });

  it.each<[string, (path: string) => Promise<string[]> | string[], RegExp]>([
    [
      'a cell that is missing',
      (path) => {
        rmSync(join(path, cellFile(5)));
        return [path];
      },
      /^merge: every cell must be there: expected 16, got 15: missing cell 5 \(forward, .*\)$/,
    ],
    [
      'the same folder twice',
      (path) => [path, path],
      /^merge: each cell must be there once: got cell 0 .* and 13 more$/,
    ],
    [
      'a cell in two folders',
      async (path) => [path, await studyFolder(STUDY, [7])],
      /^merge: each cell must be there once: got cell 7 \(.*\) in \S+cell-000007.json and \S+cell-000007.json$/,
    ],
    [
      'cells of another version',
      async (path) => [path, await studyFolder({ ...STUDY, version: '0.0.9' }, [7])],
      /^merge: version of degelo: expected \S+, got 0\.0\.9 \(\S+study.json\)$/,
    ],
    [
      'cells of another data set',
      async (path) => [path, await studyFolder({ ...STUDY, data: { sha256: 'x' } }, [7])],
      /^merge: cells must be of one study: data set: expected .*, got .* \(\S+study.json, \S+study.json\)$/,
    ],
    [
      'a damaged cell',
      (path) => {
        const file = join(path, cellFile(7));
        writeFileSync(file, readFileSync(file).subarray(0, 900));
        return [path];
      },
      /cell-000007\.json: damaged: expected sha256/,
    ],
    [
      'a cell under another’s name',
      (path) => {
        cpSync(join(path, cellFile(7)), join(path, cellFile(8)));
        return [path];
      },
      /cell-000008\.json: name must be that of its cell: expected cell-000007\.json$/,
    ],
    [
      'a cell under a name of its user’s',
      (path) => {
        writeFileSync(join(path, 'cell-7 (copy).json'), readFileSync(join(path, cellFile(7))));
        return [path];
      },
      /copy\)\.json: name must be that of its cell: expected cell-000007\.json$/,
    ],
    [
      'a pipe or device as a cell',
      (path) => {
        rmSync(join(path, cellFile(7)));
        symlinkSync('/dev/zero', join(path, cellFile(7)));
        return [path];
      },
      /cell-000007\.json: must be a regular file$/,
    ],
    [
      'a folder that isn’t there',
      (path) => [path, '/nowhere'],
      /^--merge: expected a folder, got \/nowhere$/,
    ],
    [
      'a folder of something else',
      (path) => {
        mkdirSync(join(path, 'other'));
        return [path, join(path, 'other')];
      },
      /^--merge: \S+ holds no study: expected study\.json and files such as cell-000000\.json$/,
    ],
  ])('gives no result for %s, but one line, and 1', async (_, prepare, message) => {
    const paths = await prepare(await studyFolder(STUDY, ALL));
    const { code, stdout, stderr } = await degeloHere('study', '--merge', ...paths, '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^degelo: [^\n]*\n$/);
    expect(stderr.slice('degelo: '.length).trim()).toMatch(message);
  });
});

describe('CellFolder', () => {
  const ignore = (): void => {};

  it('has what was written, in files that a merge reads', async () => {
    const path = join(folder, 'new', 'folder');
    const cells = await CellFolder.open(path, STUDY_CELLS, STUDY);
    for (const index of ALL) {
      expect(await cells.find(index, ignore)).toBeNull();
      await cells.write(cellOf(STUDY, index));
      expect(await (await CellFolder.open(path, STUDY_CELLS, STUDY)).find(index, ignore)).toMatchObject({
        index,
      });
    }
    const { cells: found, jobs } = await readCellFolders([path], STUDY_CELLS);
    expect(mergeStudy(found, jobs)).toEqual(mergeStudy(cellsOf(STUDY)));
    expect(readdirSync(path)).toHaveLength(ALL.length + 1);
  });

  it('hasn’t a cell whose file is damaged, tells of that, and takes it anew', async () => {
    const path = await studyFolder(STUDY, ALL);
    const cells = await CellFolder.open(path, STUDY_CELLS, STUDY);
    const heard: string[] = [];
    for (const content of ['', 'x', readFileSync(join(path, cellFile(4)))]) {
      writeFileSync(join(path, cellFile(3)), content);
      expect(await cells.find(3, ({ message }) => heard.push(message))).toBeNull();
    }
    expect(heard[0]).toMatch(/cell-000003\.json: damaged, or not a cell of a study/);
    expect(heard[2]).toMatch(/cell-000003\.json: holds cell 4$/);
    await cells.write(cellOf(STUDY, 3));
    expect(await cells.find(3, ignore)).not.toBeNull();
  });

  it.each<[Partial<Study>, string]>([
    [{ epochs: 2 }, 'epochs: expected 2, got 1'],
    [{ data: { sha256: 'x' } }, 'data set: expected {"sha256":"x"}, got {'],
    [{ version: '9.9.9' }, 'version of degelo: expected "9.9.9", got'],
  ])('refuses the folder of another study, and leaves it as it was: %j', async (change, message) => {
    const path = await studyFolder(STUDY, [0]);
    await expect(CellFolder.open(path, STUDY_CELLS, { ...STUDY, ...change })).rejects.toThrow(
      `--out: ${join(path, 'study.json')} is of another study: ${message}`,
    );
    expect(readFileSync(join(path, 'study.json'), 'utf8')).toBe(encodeStudy(STUDY));
  });

  it('refuses a whole cell of another study rather than replacing it', async () => {
    const path = await studyFolder(STUDY, []);
    writeFileSync(join(path, cellFile(2)), await encodeCell(cellOf({ ...STUDY, epochs: 2 }, 2)));
    const cells = await CellFolder.open(path, STUDY_CELLS, STUDY);
    await expect(cells.find(2, ignore)).rejects.toThrow(
      'cell-000002.json is of another study: epochs: expected 1, got 2',
    );
  });

  it('says in one line why a folder can’t be had', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(CellFolder.open(join(folder, 'file'), STUDY_CELLS, STUDY)).rejects.toThrow(/^--out: /);
    const damaged = await studyFolder(STUDY, []);
    writeFileSync(join(damaged, 'study.json'), '{');
    await expect(CellFolder.open(damaged, STUDY_CELLS, STUDY)).rejects.toThrow(/study\.json: damaged JSON/);
  });
});

describe('wrong usage of study', () => {
  it.each([
    [['--cell', '3/3', '--out', 'x'], "'3/3' is invalid. Expected i/n, two whole numbers with 0 ≤ i < n"],
    [['--cell', '-1/3', '--out', 'x'], "'-1/3' is invalid."],
    [['--cell', '3', '--out', 'x'], "'3' is invalid."],
    [['--cell', '0/0', '--out', 'x'], "'0/0' is invalid."],
    [['--cell', '0/3'], '--cell: needs --out, the folder for its part'],
    [['--cell', '0/3', '--out', 'x', '--json'], "--json: one part of a study isn't a result"],
    [['--merge', 'x', '--seeds', '3'], '--seeds: the files that --merge joins say how they were computed'],
    [['--merge', 'x', '--out', 'y'], '--out: the files that --merge joins say how'],
    [['--merge'], "option '--merge <folders...>' argument missing"],
    [
      ['--reverse', '--directions', 'forward'],
      "'--reverse' cannot be used with option '--directions <list>'",
    ],
    [['--directions', 'up'], "'up' is invalid. Expected forward, reverse, or both"],
    [['--samples', 'all,0'], "'all,0' is invalid. Expected numbers of at least 1 and the word all"],
    [['--learning-rates', '1,1.0'], "'1,1.0' is invalid. Expected values that differ."],
  ])('%j ends with 2, says what would be right, and leaves nothing', async (args, message) => {
    const { code, stdout, stderr } = await degeloHere('study', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync('x')).toBe(false);
  });

  it('more parts than cells end with 2: the array was sized for another study', async () => {
    const out = join(folder, 'none');
    const args = ['--data', data, '--samples', '3', '--cell', '5/6', '--out', out];
    const { code, stderr } = await degeloHere('study', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(
      '--cell: there must be a cell for each part: expected i/n with n ≤ 5, got n = 6',
    );
    expect(existsSync(out)).toBe(false);
  });
});

describe('a study in parts', () => {
  it('computes what is not there, once, and gives the bytes of a study in one go', async () => {
    const options = ['--data', data, '--epochs', '1', '--batch-size', '60', '--seeds', '1', '--samples', '3'];
    const study = ['study', ...options, '--directions', 'forward,reverse'];
    const out = join(folder, 'parts');
    // The second task of the array alone, then what is left, with other threads.
    let milliseconds = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (milliseconds += 100)); // all states are drawn
    const part = await degeloOnTerminal(...study, '--threads', '1', '--out', out, '--cell', '1/2');
    clock.mockRestore();
    expect(part).toMatchObject({ code: 0, stdout: '' });
    expect(part.stderr.split('\x1b[K').at(-1)).toMatch(
      /^cell 1 \(reverse, learning rate 1, seed 0, 3 samples per digit\): \S+ s\n$/,
    );
    expect(part.stderr).toContain(
      '\x1b[K1/1 cell 1 (reverse, learning rate 1, seed 0, 3 samples per digit): ',
    );
    const [again, rest] = await Promise.all([
      degelo(...study, '--out', out, '--cell', '1/2'),
      degelo(...study, '--out', out, '--threads', '2'),
    ]);
    const alone = await degeloHere(...study, '--threads', '1', '--json');
    expect(again.stderr).toMatch(/^cell 1 \(.*\): there already\n$/);
    expect(rest.stderr).toMatch(/^cell 0 \(.*\): \S+ s\ncell 1 \(.*\): there already\n$/);
    expect(rest.stdout).toContain('2 cells took ');
    const { stdout } = await degeloHere('study', '--merge', out, '--json');
    expect(stdout).toBe(alone.stdout);
    expect(JSON.parse(stdout).cells).toHaveLength(2);
  });
});

describe('a study in one go', () => {
  const tiny = ['study', '--data', data, '--epochs', '2', '--batch-size', '32', '--seeds', '1'];

  it('prints a table for each number of samples on stdout, and on stderr how each cell went', async () => {
    const { code, stdout, stderr } = await degeloHere(...tiny, '--samples', 'all,3', '--threads', '1');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^cell 0 \(.*\): \S+ s\ncell 1 \(.*\): \S+ s\n$/);
    expect(stdout).toMatch(/\nSource digits, 2 epochs: test accuracy \d\.\d{4} ± .* over 1 seed\n/);
    expect(stdout).toContain('\nTarget digits, all samples per digit (60 in all, 4 steps in 2 epochs)\n');
    expect(stdout).toContain('\nTarget digits, 3 samples per digit (15 in all, 4 steps in 4 epochs)\n');
    // One seed has no interval.
    expect(stdout).toMatch(/\(c\) from scratch, all layers .* [+−]\d\.\d{4} +\d/);
  });

  it('--json prints every cell, of the classes that were given; a terminal shows which is at work', async () => {
    const classes = ['--source-classes', '1,3', '--target-classes', '8,2'];
    const { code, stdout, stderr } = await degeloOnTerminal(
      ...[...tiny, ...classes, '--samples', 'all', '--reverse', '--json'],
    );
    expect(code).toBe(0);
    const { cells, ...study } = JSON.parse(stdout);
    expect(study).toMatchObject({ source_classes: [1, 3], target_classes: [8, 2], directions: ['reverse'] });
    expect(cells).toHaveLength(1);
    expect(cells[0]).toMatchObject({ direction: 'reverse', samples_per_digit: 'all', samples: 24, steps: 2 });
    // How often it tells is a matter of time.
    expect(stderr).toContain('1/1 cell 0 (reverse, learning rate 1, seed 0, all samples per digit): ');
  });

  it('fails in one line where a class has fewer samples than asked for, before anything is trained', async () => {
    const outcome = await degeloHere(...tiny, '--samples', 'all,100');
    expect(outcome).toEqual({
      code: 1,
      stdout: '',
      stderr: 'degelo: study: class 0 must have 100 samples, got 12\n',
    });
  });
});
