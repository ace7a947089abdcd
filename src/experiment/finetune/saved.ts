/** A finished fine-tuning in its folder: files that may come from anywhere, so that nothing in them is believed. */
import { readModelFile } from '#files';
import { decodeUtf8, parseJsonObject } from '../../formats/json.ts';
import { DETAILS_FILE, RESULT_FILE } from '../saved-run.ts';
import type { FinetuneDetails } from './details.ts';
import { parseFinetuneDetails } from './read-details.ts';
import { isFinetuning, parseFinetuneResult } from './read-result.ts';
import type { FinetuneResult } from './result.ts';

/** Room for ten thousand epochs in the one, and for the photos in the other. */
const MOST_BYTES = 2 ** 22;
const WRITER = 'finetune --out';

/** Whether a folder holds a fine-tuning's result, rather than that of transfer. Throws as readFinetuneResult does. */
export async function holdsFinetuning(folder: string): Promise<boolean> {
  const { bytes, path } = await readModelFile(folder, RESULT_FILE, MOST_BYTES, 'transfer --out');
  return isFinetuning(parseJsonObject(decodeUtf8(bytes, path), path));
}

/** @throws FormatError, in one line with the file's path, where there is none, or it is damaged or another command's. */
export async function readFinetuneResult(folder: string): Promise<FinetuneResult> {
  const { bytes, path } = await readModelFile(folder, RESULT_FILE, MOST_BYTES, WRITER);
  return parseFinetuneResult(bytes, path);
}

/** Result and details. Throws as readFinetuneResult does. */
export async function readFinetuning(
  folder: string,
): Promise<{ result: FinetuneResult; details: FinetuneDetails }> {
  const result = await readFinetuneResult(folder);
  const { bytes, path } = await readModelFile(folder, DETAILS_FILE, MOST_BYTES, WRITER);
  return { result, details: parseFinetuneDetails(bytes, path, result) };
}
