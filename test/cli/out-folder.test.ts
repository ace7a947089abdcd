import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLock } from '../../src/cli/folder-lock.ts';
import { OutFolder } from '../../src/cli/out-folder.ts';
import { MARKER, MARKER_TEXT } from '../../src/cli/own-files.ts';
import { temporaryFolder } from '../temporary.ts';

const folder = temporaryFolder();

/** Writes a result, as a run does in the end. */
function write(out: OutFolder, text = '{}', name = 'result.json'): void {
  mkdirSync(out.results, { recursive: true });
  writeFileSync(join(out.results, name), text);
}

/** Names in a folder, except for its lock. */
function namesIn(path: string): string[] {
  return readdirSync(path).filter((name) => !isLock(name));
}

/** A folder `checkpoint/` as a run makes it. */
function ourWork(path: string): string {
  const work = join(path, 'checkpoint');
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, MARKER), MARKER_TEXT);
  return work;
}

async function saved(path: string): Promise<OutFolder> {
  const out = OutFolder.create(path);
  await out.checkpoints.write(Uint8Array.of(1));
  await out.keep();
  return out;
}

describe('OutFolder', () => {
  it('has nothing of a run in its place until it is published, and leaves no trace when discarded', async () => {
    const path = join(folder, 'new');
    const discarded = OutFolder.create(path);
    write(discarded);
    expect(namesIn(path)).toEqual(['checkpoint']);
    discarded.discard();
    expect(readdirSync(folder)).toEqual([]);

    const published = OutFolder.create(`${path}/`);
    write(published);
    await published.checkpoints.write(Uint8Array.of(1));
    await published.publish();
    expect(readdirSync(folder)).toEqual(['new']);
    expect(readdirSync(path)).toEqual(['result.json']);
  });

  it('says in one line why a folder can’t be made or written, with the path that its user knows', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => OutFolder.create(join(file, 'a', 'out'))).toThrow(
      new Error(`--out: ${join(file, 'a', 'out')} can't be used: not a directory (ENOTDIR)`),
    );
    rmSync(file);
  });

  it('leaves alone what others put into it meanwhile, or took out of it', () => {
    const path = join(folder, 'shared');
    const out = OutFolder.create(path);
    writeFileSync(join(path, 'checkpoint', 'notes.txt'), 'mine');
    out.discard();
    expect(readdirSync(join(path, 'checkpoint'))).toEqual(['notes.txt']);
    rmSync(join(path, 'checkpoint'), { recursive: true });
    out.discard();
    expect(existsSync(path)).toBe(false);
  });

  it('names one of what it finds in a folder, and says if there is more', () => {
    const path = join(folder, 'two');
    mkdirSync(path);
    writeFileSync(join(path, 'a.txt'), '');
    expect(() => OutFolder.create(path)).toThrow(`new or empty: ${path} holds a.txt (--force`);
    writeFileSync(join(path, 'b.txt'), '');
    expect(() => OutFolder.create(path)).toThrow(`new or empty: ${path} holds a.txt and more (--force`);
    rmSync(path, { recursive: true });
  });

  it('works in the folder that a link points to', async () => {
    const [target, link] = [join(folder, 'target'), join(folder, 'link')];
    mkdirSync(target);
    symlinkSync(target, link);
    const out = OutFolder.create(link);
    write(out);
    await out.publish();
    expect(readdirSync(target)).toEqual(['result.json']);
  });

  it('keeps the results where someone else put theirs meanwhile, says where, and replaces nothing later', async () => {
    const path = join(folder, 'contested');
    const out = await saved(path);
    write(out, 'ours');
    writeFileSync(join(path, 'result.json'), 'theirs');
    await expect(out.publish()).rejects.toThrow(`--out: the results are in ${out.results}, since`);
    expect(out.leave()).toBe(`continue with: degelo transfer --resume ${path}`);
    expect(readFileSync(join(out.results, 'result.json'), 'utf8')).toBe('ours');
    const again = OutFolder.reopen(path);
    write(again, 'ours');
    await expect(again.publish()).rejects.toThrow(`${join(path, 'result.json')} already exists`);
    expect(readFileSync(join(path, 'result.json'), 'utf8')).toBe('theirs');
  });

  it('goes on with publishing where it was stopped in the middle of it', async () => {
    const path = join(folder, 'half');
    const out = await saved(path);
    // As if the power had failed after the first of two moves.
    const replaced = join(path, 'checkpoint', 'replaced');
    for (const place of [replaced, path]) {
      mkdirSync(join(place, 'target-model'), { recursive: true });
      writeFileSync(join(place, 'target-model', 'model.json'), 'moved');
    }
    writeFileSync(join(path, 'report.txt'), 'moved');
    out.leave();
    const again = OutFolder.reopen(path);
    write(again, 'report', 'report.txt');
    mkdirSync(join(again.results, 'target-model'));
    write(again, 'model', 'target-model/model.json');
    write(again, 'result');
    await again.publish();
    expect(readdirSync(path).sort()).toEqual(['report.txt', 'result.json', 'target-model']);
    expect(readFileSync(join(path, 'report.txt'), 'utf8')).toBe('report');
    expect(readFileSync(join(path, 'target-model', 'model.json'), 'utf8')).toBe('model');
  });

  it('refuses a folder with a run that isn’t finished, which --force starts again', async () => {
    const path = join(folder, "it's");
    (await saved(path)).leave();
    const quoted = `'${join(folder, "it'\\''s")}'`;
    expect(() => OutFolder.create(path)).toThrow(
      `--out: ${path} holds a run that isn't finished (--resume ${quoted} continues it, --force starts again)`,
    );
    const anew = OutFolder.create(path, { force: true });
    expect(namesIn(join(path, 'checkpoint'))).toEqual([MARKER, 'replaced']);
    write(anew);
    await anew.publish();
    expect(readdirSync(path)).toEqual(['result.json']);
  });

  it('takes over what a run left that was killed before its first checkpoint', () => {
    const path = join(folder, 'early');
    writeFileSync(join(ourWork(path), '.checkpoint-000001.safetensors.123.partial'), 'half');
    expect(() => OutFolder.reopen(path)).toThrow(
      `--resume: ${path} has no checkpoint so far: --out ${path} starts its run again`,
    );
    const out = OutFolder.create(path);
    expect(namesIn(join(path, 'checkpoint'))).toEqual([MARKER]);
    expect(out.leave()).toBeUndefined();
    expect(readdirSync(path)).toEqual([]);
  });

  it('removes nothing from a folder named checkpoint that isn’t its own, --force or not', () => {
    const path = join(folder, 'mine');
    const notes = join(path, 'checkpoint', 'notes.txt');
    mkdirSync(join(path, 'checkpoint'), { recursive: true });
    writeFileSync(notes, 'mine');
    for (const force of [false, true]) {
      expect(() => OutFolder.create(path, { force })).toThrow(
        `--out: ${join(path, 'checkpoint')} must be ours to use: it holds notes.txt`,
      );
    }
    expect(readFileSync(notes, 'utf8')).toBe('mine');
  });

  it('has nothing to continue in a folder without a run, with a finished one, and in a file', () => {
    const path = join(folder, 'nothing');
    expect(() => OutFolder.reopen(path)).toThrow(`--resume: no such folder: ${path}`);
    mkdirSync(path);
    expect(() => OutFolder.reopen(path)).toThrow(`nothing to continue in ${path}: no run was saved there`);
    writeFileSync(join(path, 'result.json'), '{}');
    expect(OutFolder.isFinished(path)).toBe(true);
    const file = join(path, 'result.json');
    expect(() => OutFolder.reopen(file)).toThrow(`--resume: must be a folder: ${file} is a file`);
    expect(() => OutFolder.create(join(file, 'in it'))).toThrow(
      /^--out: .*result.json\/in it can't be used: .+ \(E(NOTDIR|EXIST)\)$/,
    );
    expect(existsSync(join(path, 'checkpoint'))).toBe(false);
  });

  it('has one owner: another is refused at once, until the first is done, leaves or gives up', async () => {
    const path = join(folder, 'owned');
    const refusal = `: ${path} is in use by another run, process ${process.pid}`;
    const first = OutFolder.create(path);
    for (const force of [false, true]) {
      expect(() => OutFolder.create(path, { force })).toThrow(`--out${refusal}`);
    }
    await first.checkpoints.write(Uint8Array.of(1));
    await first.keep();
    expect(() => OutFolder.reopen(path)).toThrow(`--resume${refusal}`);
    first.leave();
    const second = OutFolder.reopen(path);
    expect(() => OutFolder.reopen(path)).toThrow(`--resume${refusal}`);
    write(second);
    await second.publish();
    expect(readdirSync(path)).toEqual(['result.json']);
    const third = OutFolder.create(path, { force: true });
    third.discard();
    expect(readdirSync(path)).toEqual(['result.json']);
  });

  it.each([
    'checkpoint/results/thesis.txt',
    'checkpoint/results/report.txt',
    'checkpoint/replaced/target-model/notes.txt',
    'checkpoint/source.safetensors',
    'checkpoint/checkpoint-000001.safetensors',
    'checkpoint/.checkpoint-000001.safetensors.1.partial',
    'checkpoint/degelo.txt',
  ])('removes no %s that someone else put into a new folder, --force or not', (name) => {
    const path = join(folder, 'foreign');
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'my thesis');
    for (const force of [false, true]) {
      expect(() => OutFolder.create(path, { force })).toThrow(
        `--out: ${join(path, 'checkpoint')} must be ours to use: it holds`,
      );
    }
    expect(readFileSync(file, 'utf8')).toBe('my thesis');
    rmSync(path, { recursive: true });
  });

  it('removes nothing but its own from its own folder: not through links, nor what lies beside it', async () => {
    const path = join(folder, 'linked');
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'report.txt'), 'mine');
    symlinkSync(elsewhere, join(ourWork(path), 'results'));
    expect(() => OutFolder.create(path, { force: true })).toThrow('must be ours to use: it holds results');
    rmSync(join(path, 'checkpoint', 'results'));
    const out = OutFolder.create(path);
    write(out);
    writeFileSync(join(out.results, 'thesis.txt'), 'mine');
    out.discard();
    expect(readdirSync(join(path, 'checkpoint', 'results'))).toEqual(['thesis.txt']);
    expect(readFileSync(join(elsewhere, 'report.txt'), 'utf8')).toBe('mine');
  });
});
