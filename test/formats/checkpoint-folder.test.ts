import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CheckpointFolder } from '../../src/formats/checkpoint-folder.ts';
import { FormatError } from '../../src/formats/errors.ts';
import { temporaryFolder } from '../temporary.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

describe('a folder of checkpoints', () => {
  const text = async (bytes: Uint8Array, file: string): Promise<string> => {
    const content = new TextDecoder().decode(bytes);
    if (content.startsWith('bad')) throw new FormatError(file, content);
    return content;
  };
  const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
  const names = (): string[] => readdirSync(folder).sort();

  it('keeps the last two, and goes on counting in a new process', async () => {
    const first = new CheckpointFolder(folder);
    for (const content of ['1', '2', '3']) await first.write(bytes(content));
    expect(names()).toEqual(['checkpoint-000002.safetensors', 'checkpoint-000003.safetensors']);
    const second = new CheckpointFolder(folder);
    expect((await second.read(text)).contents).toBe('3');
    expect(await second.write(bytes('4'))).toBe(`${folder}/checkpoint-000004.safetensors`);
    expect(names()).toEqual(['checkpoint-000003.safetensors', 'checkpoint-000004.safetensors']);
  });

  it('takes the one before where the newest is damaged, says so, and keeps a whole one in the next write', async () => {
    await new CheckpointFolder(folder).write(bytes('1'));
    await new CheckpointFolder(folder).write(bytes('bad'));
    const again = new CheckpointFolder(folder);
    const { contents, path, faults } = await again.read(text);
    expect({ contents, path }).toEqual({ contents: '1', path: `${folder}/checkpoint-000001.safetensors` });
    expect(faults.map(({ message }) => message)).toEqual([`${folder}/checkpoint-000002.safetensors: bad`]);
    await again.write(bytes('3'));
    expect(names()).toEqual(['checkpoint-000001.safetensors', 'checkpoint-000003.safetensors']);
  });

  it('says what is wrong with the newest where none is whole, and where there is none', async () => {
    const checkpoints = new CheckpointFolder(join(folder, 'no'));
    await expect(checkpoints.read(text)).rejects.toThrow(
      'no checkpoint there: expected a file such as checkpoint-',
    );
    const damaged = new CheckpointFolder(folder);
    await damaged.write(bytes('bad one'));
    await damaged.write(bytes('bad two'));
    await expect(damaged.read(text)).rejects.toThrow('checkpoint-000002.safetensors: bad two');
  });

  it('passes on an error that says nothing of the file', async () => {
    const checkpoints = new CheckpointFolder(folder);
    await checkpoints.write(bytes('1'));
    const fault = new Error('of ours');
    await expect(checkpoints.read(() => Promise.reject(fault))).rejects.toBe(fault);
  });

  it('takes away what a killed process left half written, and nothing else', async () => {
    writeFileSync(join(folder, '.checkpoint-000001.safetensors.1234.partial'), 'half');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    mkdirSync(join(folder, 'model'));
    await new CheckpointFolder(folder).write(bytes('1'));
    expect(names()).toEqual(['checkpoint-000001.safetensors', 'model', 'notes.txt']);
  });

  it('has its old checkpoints still, and no half one, where a write fails', async () => {
    const checkpoints = new CheckpointFolder(folder);
    await checkpoints.write(bytes('1'));
    mkdirSync(join(folder, 'checkpoint-000002.safetensors', 'in the way'), { recursive: true });
    await expect(checkpoints.write(bytes('2'))).rejects.toThrow();
    expect(names()).toEqual(['checkpoint-000001.safetensors', 'checkpoint-000002.safetensors']);
    const { contents, faults } = await new CheckpointFolder(folder).read(text);
    expect(contents).toBe('1');
    expect(faults[0].message).toContain('must be a regular file');
  });
});
