/** What a finished run leaves in its folder: both models, the result, what a look at it needs, and reports of it. */
import { basename, join, resolve } from 'node:path';
import { writeFileAtomic } from '#files';
import { escapeUnshown } from '../checks/shown.ts';
import type { ImageDataset } from '../data/dataset.ts';
import { describeRun } from '../experiment/details.ts';
import type { TransferResult } from '../experiment/result.ts';
import { DETAILS_FILE, RESULT_FILE } from '../experiment/saved-run.ts';
import { weightsSha256 } from '../formats/sha256.ts';
import { reportPage } from '../report/html/page.ts';
import { detailsJson, resultJson } from '../report/json.ts';
import type { Messages } from '../report/messages.ts';
import { closingReport } from '../report/transfer.ts';
import type { Model } from '../training/model.ts';
import { decodeCheckpoint } from '../training/saved/checkpoint.ts';
import { loadModel } from '../training/saved/load-model.ts';
import type { OutFolder } from './out-folder.ts';
import { writing } from './saver.ts';

export const REPORT_FILE = 'report.html';

/**
 * Writes what is left to write of a finished run, and puts everything in its place, once both models are read back and
 * are those of the run.
 * @param sourceCheckpoint the model after the first phase
 * @param command the command that runs it again, after `degelo`
 * @returns path of the report
 */
export async function publishResults(
  out: OutFolder,
  { result, test }: { readonly result: TransferResult; readonly test: ImageDataset },
  sourceCheckpoint: Uint8Array,
  command: readonly string[],
  t: Messages,
): Promise<string> {
  const { model } = await decodeCheckpoint(sourceCheckpoint, {}, out.source);
  await writing('the results', () => model.save(join(out.results, 'source-model')));
  const source = await readBack(out, 'source-model', await weightsSha256(model));
  const target = await readBack(out, 'target-model', result.weights_sha256);
  const details = await describeRun(result, test, { source, target }, command);
  const run = { name: basename(resolve(out.name)), result, details };
  const texts = {
    'report.txt': `${escapeUnshown(closingReport(result, t))}\n`,
    [REPORT_FILE]: reportPage([run], t),
    [DETAILS_FILE]: `${detailsJson(details)}\n`,
    [RESULT_FILE]: `${resultJson(result)}\n`,
  };
  await writing('the results', async () => {
    for (const [name, text] of Object.entries(texts)) await writeFileAtomic(join(out.results, name), text);
  });
  await out.publish();
  return join(out.name, REPORT_FILE);
}

/** A model as it is in the results. @throws Error where its weights aren't those of the run. */
export async function readBack(out: OutFolder, name: string, expected: string): Promise<Model> {
  const model = await loadModel(join(out.results, name));
  const got = await weightsSha256(model);
  if (got !== expected) {
    throw new Error(`--out: ${name} must be the run's own: expected weights_sha256 ${expected}, got ${got}`);
  }
  return model;
}
