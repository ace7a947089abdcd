/** A thread that decodes photos: a task's files one after the other. It holds nothing between tasks. */
import { DataError } from '../errors.ts';
import { type DecodedFiles, type DecodeTask, decodeFiles } from './decode-files.ts';
import { readPhoto } from './read-photo.ts';

/** What was decoded; or which file holds no photo, and why, in words, because an error that crosses threads loses its class. */
export type WorkerAnswer = DecodedFiles | { readonly file: string; readonly message: string };

export default async function work(task: DecodeTask): Promise<WorkerAnswer> {
  try {
    return await decodeFiles('imageDataset', task, readPhoto);
  } catch (error) {
    if (error instanceof DataError) return { file: error.file, message: error.message };
    throw error;
  }
}
