/** Threads that decode photos in Node: by piscina, as those that train. */
import { DataError, named } from '../errors.ts';
import { loadPackage } from '../load-package.ts';
import { type DecodedFiles, type DecodeTask, decodeFiles } from './decode-files.ts';
import type { WorkerAnswer } from './decode-worker.ts';
import { readPhoto } from './read-photo.ts';

/** This file's address; none in a bundle of CommonJS, which starts no threads. */
const here: string | undefined = import.meta.url;
const PROGRAM = here?.startsWith('file:') ? new URL('decode-worker-entry.cjs', here) : null;

/** Who decodes photos. */
export interface PhotoPool {
  /** How many tasks are worked on at a time; 0: the calling thread does them. */
  readonly threads: number;
  /** @throws DataError naming the file where one can't be decoded, unless these are to be left out. */
  decode(task: DecodeTask): Promise<DecodedFiles>;
  destroy(): Promise<void>;
}

/** @param worker the program of each thread; the sources' tests name the built one, which alone is JavaScript. */
export function createPhotoPool(threads: number, worker: URL | null = PROGRAM): PhotoPool {
  if (threads === 0) {
    return {
      threads,
      decode: (task) => decodeFiles('imageDataset', task, readPhoto),
      destroy: async () => {},
    };
  }
  const { Piscina } = loadPackage(here as string, 'piscina') as typeof import('piscina');
  const piscina = new Piscina<DecodeTask, WorkerAnswer>({
    filename: String(worker),
    // Threads start with the first tasks, and stay until the epoch is over.
    ...{ minThreads: 0, maxThreads: threads, concurrentTasksPerWorker: 1, idleTimeout: 60_000 },
  });
  return {
    threads,
    async decode(task) {
      const answer = await piscina.run(task);
      if ('message' in answer)
        throw new DataError(answer.file, answer.message.slice(named(answer.file).length + 2));
      return answer;
    },
    destroy: () => piscina.destroy(),
  };
}
