/** What a finished fine-tuning leaves in its folder: the model, the result, what a look at it needs, and reports of it. */
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { writeFileAtomic } from '#files';
import { escapeUnshown } from '../checks/shown.ts';
import { describeFinetuning } from '../experiment/finetune/details.ts';
import type { Finetuned } from '../experiment/finetune/finetune.ts';
import { DETAILS_FILE, RESULT_FILE } from '../experiment/saved-run.ts';
import { finetuneReport } from '../report/finetune.ts';
import { finetunePage } from '../report/html/finetune-page.ts';
import { indentedJson } from '../report/json.ts';
import type { Messages } from '../report/messages.ts';
import type { Model } from '../training/model.ts';
import type { OutFolder } from './out-folder.ts';
import { translated } from './output.ts';
import { REPORT_FILE, readBack } from './publish.ts';
import { writing } from './saver.ts';

/** Where the model is, and, where layers were thawed, the one before. */
export const MODEL = 'model';
const HEAD_MODEL = 'head-model';

/** Writes the model as each phase left it. @param thaws whether the head alone isn't the end */
export function savesModels(
  out: OutFolder,
  thaws: boolean,
): (phase: 'head' | 'thawed', model: Model) => Promise<void> {
  return async (phase, model) => {
    const name = phase === 'head' && thaws ? HEAD_MODEL : MODEL;
    await writing('the model', () => model.save(join(out.results, name)));
  };
}

/** The folder of features, which is made where there is none. */
export function makeFeatureFolder(out: OutFolder): string {
  mkdirSync(out.features, { recursive: true });
  return out.features;
}

/**
 * Writes what is left to write, and puts everything in its place, once the model is read back and is that of the run.
 * @param command the command that runs it again, after `degelo`
 * @returns path of the report
 */
export async function publishFinetuning(
  out: OutFolder,
  { result, look }: Finetuned,
  command: readonly string[],
  t: Messages,
): Promise<string> {
  await readBack(out, MODEL, result.weights_sha256);
  const details = await describeFinetuning(result, look, command);
  const texts = {
    'report.txt': `${escapeUnshown(finetuneReport(result, t))}\n`,
    [REPORT_FILE]: finetunePage({ name: basename(resolve(out.name)), result, details }, t, translated),
    [DETAILS_FILE]: `${indentedJson(details)}\n`,
    [RESULT_FILE]: `${indentedJson(result)}\n`,
  };
  await writing('the results', async () => {
    for (const [name, text] of Object.entries(texts)) await writeFileAtomic(join(out.results, name), text);
  });
  await out.publish();
  return join(out.name, REPORT_FILE);
}
