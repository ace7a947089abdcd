import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as node from '../../src/formats/files-node.ts';
import * as none from '../../src/formats/files-none.ts';
import { dense, FormatError, loadModel, type Sequential, sequential } from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { getWeightsFlat } from '../training/weights.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const { isFolder, listFolder, readWholeFile, syncFolder, writeFileAtomic, writeModelFiles } = node;

const model = (seed = 0): Sequential => sequential({ seed, layers: [dense({ units: 2, inputShape: [3] })] });

describe('a file system that knows nothing of going down to the disk', () => {
  /** Each `sync` of a file or a folder ends like this. */
  const syncs = async (error: object) => {
    const handle = await open(folder, 'r');
    await handle.close();
    vi.spyOn(Object.getPrototypeOf(handle), 'sync').mockRejectedValue(error);
  };
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ['a network’s', Object.assign(new Error('EINVAL: invalid argument, fsync'), { code: 'EINVAL' })],
    ['Yarn’s Plug’n’Play', new Error('Method not implemented.')],
  ])('keeps what is written all the same: %s', async (_, error) => {
    await syncs(error);
    await model().save(folder);
    expect(getWeightsFlat(await loadModel(folder))).toEqual(getWeightsFlat(model()));
  });

  it.skipIf(!process.getuid || process.getuid() === 0)(
    'nor reads a folder in which one may write alone',
    async () => {
      chmodSync(folder, 0o300);
      await expect(model().save(folder)).resolves.toBeUndefined();
      chmodSync(folder, 0o700);
    },
  );

  it('isn’t one that fails: what it says is an error', async () => {
    await syncs(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' }));
    await expect(model().save(folder)).rejects.toMatchObject({ code: 'EIO' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('save and loadModel', () => {
  it('give the model back, through folders that save makes, and leave no other file', async () => {
    const place = join(folder, 'a', 'b');
    await model().save(place);
    expect(readdirSync(place).sort()).toEqual(['model.json', 'model.safetensors']);
    const read = await loadModel(place);
    expect(getWeightsFlat(read)).toEqual(getWeightsFlat(model()));
    expect(read.compiled).toBeNull();
  });

  it('read no more weights than the layers that model.json describes have room for', async () => {
    await model().save(folder);
    const place = join(folder, 'model.safetensors');
    const most = 4 * (3 * 2 + 2) + 8 + 2 ** 24;
    truncateSync(place, most + 1); // longer, without a byte written
    await expect(loadModel(folder)).rejects.toThrow(
      new FormatError(place, `too large: expected at most ${most} bytes, got ${most + 1}`),
    );
    truncateSync(place, most);
    await expect(loadModel(folder)).rejects.toThrow('not the weights that model.json names');
  });

  it('replace a model that is there, and leave other files alone', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await model(1).save(folder);
    await model(2).save(folder);
    expect(getWeightsFlat(await loadModel(folder))).toEqual(getWeightsFlat(model(2)));
    expect(readdirSync(folder).sort()).toEqual(['model.json', 'model.safetensors', 'notes.txt']);
  });

  it('write nothing where the model can’t be saved', async () => {
    await expect(sequential([dense({ units: 1 })]).save(join(folder, 'new'))).rejects.toThrow(
      'not built yet',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leave no temporary file where a name can’t be taken', async () => {
    mkdirSync(join(folder, 'model.safetensors'));
    await expect(model().save(folder)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['model.safetensors']);
  });

  it('say in one line what is missing or damaged, with its path', async () => {
    const refused = async (place: string, message: string): Promise<void> => {
      const error = await loadModel(place).then(
        () => null,
        (error: unknown) => error,
      );
      expect(error).toBeInstanceOf(FormatError);
      expect((error as Error).message).toContain(message);
      expect((error as Error).message).toMatch(/^.*$/u);
    };
    const json = join(folder, 'model.json');
    const weights = join(folder, 'model.safetensors');

    const nowhere = join(folder, 'nowhere');
    await refused(nowhere, `${nowhere}: no such file or folder`);
    await refused(
      folder,
      `${json}: no such file: expected a folder with a model of degelo, TensorFlow.js or Keras`,
    );

    await model().save(folder);
    await refused(join(json, 'x'), `${join(json, 'x')}: no such file or folder`);
    await expect(loadModel(json)).resolves.toBeDefined();
    const bytes = readFileSync(weights);
    writeFileSync(weights, bytes.subarray(1));
    await refused(folder, `${weights}: not the weights that model.json names: expected sha256`);
    rmSync(weights);
    await refused(folder, `${weights}: no such file`);
    mkdirSync(weights);
    await refused(folder, `${weights}: must be a regular file`);
    rmSync(weights, { recursive: true });
    // Reading to its end would never end; nor would a pipe's.
    symlinkSync('/dev/zero', weights);
    await refused(folder, `${weights}: must be a regular file`);

    writeFileSync(json, '{"format": ');
    await refused(folder, `${json}: damaged JSON: `);
    writeFileSync(json, Uint8Array.of(0x7b, 0xff));
    await refused(folder, `${json}: text must be UTF-8`);
    writeFileSync(json, ' '.repeat(1_000_001));
    await refused(folder, `${json}: too large: expected at most 1000000 bytes, got 1000001`);
  });
});

describe('writeFileAtomic', () => {
  it('writes text and bytes, new or in place of a file', async () => {
    const path = join(folder, 'result.json');
    await writeFileAtomic(path, '{"ä": 1}');
    expect(readFileSync(path, 'utf8')).toBe('{"ä": 1}');
    await writeFileAtomic(path, Uint8Array.of(1, 2));
    expect([...readFileSync(path)]).toEqual([1, 2]);
    expect(readdirSync(folder)).toEqual(['result.json']);
  });

  it('makes the folder where there is none', async () => {
    await writeFileAtomic(join(folder, 'a', 'b', 'c.txt'), 'text');
    expect(readFileSync(join(folder, 'a', 'b', 'c.txt'), 'utf8')).toBe('text');
  });

  it('leaves the old file, and nothing else, where it fails', async () => {
    const path = join(folder, 'there');
    mkdirSync(path);
    await expect(writeFileAtomic(path, 'new')).rejects.toThrow(/EISDIR|EPERM|ENOTEMPTY|EEXIST/);
    writeFileSync(join(folder, 'file'), 'mine');
    await expect(writeFileAtomic(join(folder, 'file', 'in it'), 'new')).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(readdirSync(folder).sort()).toEqual(['file', 'there']);
  });

  it('says which file could not be written and why, in one line, with the code and without a temporary name', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    const path = join(file, 'in it', 'a');
    const error = await writeFileAtomic(path, 'new').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: `${path}: can't be written: not a directory (ENOTDIR)`,
      code: 'ENOTDIR',
    });
    await expect(writeFileAtomic(join(file, 'a'), 'new')).rejects.toThrow(
      `${join(file, 'a')}: can't be written: not a directory (ENOTDIR)`,
    );
    await expect(writeModelFiles(file, [['a', 'new']])).rejects.toThrow(
      `${file}: can't be written: file already exists (EEXIST)`,
    );
    const taken = join(folder, 'taken');
    mkdirSync(taken);
    await expect(writeFileAtomic(taken, 'new')).rejects.toThrow(/taken: can't be written: .* \(E[A-Z]+\)$/);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'says that permission is denied where a folder is closed',
    async () => {
      const closed = join(folder, 'closed');
      mkdirSync(closed, { mode: 0o500 });
      await expect(writeFileAtomic(join(closed, 'a'), 'new')).rejects.toThrow(
        `${join(closed, 'a')}: can't be written: permission denied (EACCES)`,
      );
    },
  );

  it('shows a reader the old bytes or the new ones, at any time', async () => {
    const path = join(folder, 'file');
    const contents = ['a', 'b'].map((letter) => letter.repeat(1_000_000));
    await writeFileAtomic(path, contents[0]);
    let writing = true;
    const writer = (async () => {
      for (let i = 1; i <= 10; i++) await writeFileAtomic(path, contents[i % 2]);
      writing = false;
    })();
    while (writing) {
      expect(contents.includes(readFileSync(path, 'utf8'))).toBe(true);
      await new Promise(setImmediate);
    }
    await writer;
  });
});

describe('looking at files', () => {
  it('lists a folder, and none where there is none, but not a file', async () => {
    writeFileSync(join(folder, 'file'), 'text');
    expect(await listFolder(folder)).toEqual(['file']);
    expect(await listFolder(join(folder, 'nowhere'))).toEqual([]);
    await expect(listFolder(join(folder, 'file'))).rejects.toThrow('ENOTDIR');
  });

  it('tells a folder from a file and from nothing', async () => {
    writeFileSync(join(folder, 'file'), 'text');
    expect(await isFolder(folder)).toBe(true);
    expect(await isFolder(join(folder, 'file'))).toBe(false);
    expect(await isFolder(join(folder, 'nowhere'))).toBe(false);
  });

  it('reads a whole file, or says in one line why not', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'text');
    expect(Buffer.from(await readWholeFile(file)).toString()).toBe('text');
    const nowhere = join(folder, 'nowhere');
    await expect(readWholeFile(nowhere)).rejects.toThrow(new FormatError(nowhere, 'no such file'));
    await expect(readWholeFile(join(file, 'in it'))).rejects.toThrow(
      new FormatError(join(file, 'in it'), "file can't be read: not a directory (ENOTDIR)"),
    );
    await expect(readWholeFile(folder)).rejects.toThrow(new FormatError(folder, 'must be a regular file'));
  });

  it('flushes a folder to the disk, but on Windows, which opens none', async () => {
    await syncFolder(folder);
    await expect(syncFolder(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'win32' });
    await syncFolder(join(folder, 'nowhere')).finally(() =>
      Object.defineProperty(process, 'platform', { value: platform }),
    );
  });
});

describe('where there are no files', () => {
  it('SHA-256 is the same, of shared memory too', async () => {
    const bytes = new TextEncoder().encode('degelo');
    const shared = new Uint8Array(new SharedArrayBuffer(6));
    shared.set(bytes);
    const expected = Uint8Array.from(await node.digest(bytes));
    expect(await none.digest(bytes)).toEqual(expected);
    expect(await none.digest(shared)).toEqual(expected);
  });

  it.each([undefined, {}])(
    'SHA-256 is the same in pages from plain http:, whose crypto is %j',
    async (crypto) => {
      const bytes = new TextEncoder().encode('degelo');
      const expected = Uint8Array.from(await node.digest(bytes));
      vi.stubGlobal('crypto', crypto);
      try {
        const digest = none.digest(bytes);
        bytes.fill(0); // what comes later isn't hashed
        expect(await digest).toEqual(expected);
      } finally {
        vi.unstubAllGlobals();
      }
    },
  );

  it('save and loadModel say what to use in their place', async () => {
    await expect(none.writeModelFiles('m', [])).rejects.toThrow(/^save: .* use encodeModel/);
    await expect(none.readModelFile('m', 'model.json')).rejects.toThrow(
      'expected an http(s): URL of a file, or its bytes',
    );
  });
});

it.runIf(process.platform !== 'win32')(
  'what is no file is not replaced by one: a device would be gone for the whole machine',
  async () => {
    const path = join(folder, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      await expect(writeFileAtomic(path, 'text')).rejects.toThrow(
        `${path}: can't be written: a device, a pipe or a socket is there, which must not be replaced`,
      );
      expect(readdirSync(folder)).toEqual(['socket']);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  },
);
