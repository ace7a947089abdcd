/** What a finished run leaves in its folder: both models, the result, what a look at it needs, and reports of it. */
import { basename, join, resolve } from 'node:path';
import { readWholeFile, writeFileAtomic } from '#files';
import type { MnistData } from '../data/dataset.ts';
import { describeRun } from '../experiment/details.ts';
import type { TransferResult } from '../experiment/result.ts';
import { DETAILS_FILE, RESULT_FILE } from '../experiment/saved-run.ts';
import { reportPage } from '../report/html/page.ts';
import { detailsJson, resultJson } from '../report/json.ts';
import type { Messages } from '../report/messages.ts';
import { closingReport } from '../report/transfer.ts';
import { decodeCheckpoint } from '../training/saved/checkpoint.ts';
import { loadModel } from '../training/saved/saved-model.ts';
import type { OutFolder } from './out-folder.ts';
import { writing } from './saver.ts';

export const REPORT_FILE = 'report.html';

/**
 * Writes what is left to write of a finished run, and puts everything in its place.
 * @param command the command that runs it again, behind `degelo`
 * @returns path of the report
 */
export async function publishResults(
  out: OutFolder,
  { result, data }: { readonly result: TransferResult; readonly data: MnistData },
  command: readonly string[],
  t: Messages,
): Promise<string> {
  const { model: source } = await decodeCheckpoint(await readWholeFile(out.source), {}, out.source);
  await writing('the results', () => source.save(join(out.results, 'source-model')));
  const target = await loadModel(join(out.results, 'target-model'));
  const details = await describeRun(result, data, { source, target }, command);
  const run = { name: basename(resolve(out.name)), result, details };
  const texts = {
    'report.txt': `${closingReport(result, t)}\n`,
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
