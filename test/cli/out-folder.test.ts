import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutFolder } from '../../src/cli/out-folder.ts';
import { temporaryFolder } from './degelo.ts';

const folder = temporaryFolder();

describe('OutFolder', () => {
  it('has nothing in its place until it is published, and leaves no trace when discarded', () => {
    const path = join(folder, 'new');
    const discarded = new OutFolder(path);
    writeFileSync(join(discarded.temporary, 'result.json'), '{}');
    expect(existsSync(path)).toBe(false);
    discarded.discard();
    expect(readdirSync(folder)).toEqual([]);

    const published = new OutFolder(`${path}/`);
    writeFileSync(join(published.temporary, 'result.json'), '{}');
    published.publish();
    expect(readdirSync(folder)).toEqual(['new']);
    expect(readdirSync(path)).toEqual(['result.json']);
  });

  it('works in the folder that a link points to', () => {
    const [target, link] = [join(folder, 'target'), join(folder, 'link')];
    mkdirSync(target);
    symlinkSync(target, link);
    const out = new OutFolder(link);
    writeFileSync(join(out.temporary, 'result.json'), '{}');
    out.publish();
    expect(readdirSync(target)).toEqual(['result.json']);
  });

  it('keeps the results where someone else took the place meanwhile, and says where', () => {
    const path = join(folder, 'contested');
    const out = new OutFolder(path);
    writeFileSync(join(out.temporary, 'result.json'), 'ours');
    mkdirSync(path);
    writeFileSync(join(path, 'result.json'), 'theirs');
    expect(() => out.publish()).toThrow(`--out: the results are in ${out.temporary}, since`);
    out.discard();
    expect(readFileSync(join(path, 'result.json'), 'utf8')).toBe('theirs');
    expect(readFileSync(join(out.temporary, 'result.json'), 'utf8')).toBe('ours');
  });
});
