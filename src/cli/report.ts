/** `degelo report`: the page of runs that are saved, drawn again without training. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { LANGUAGES, type Language } from '../report/messages.ts';
import { OutFolder } from './out-folder.ts';
import { translated, write } from './output.ts';
import { writing } from './saver.ts';
import { languageOption, UsageError } from './usage.ts';

interface ReportFlags {
  readonly out?: string;
  readonly force?: true;
  readonly lang: Language;
}

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description(
      'Draw report.html of a finished run again, from the folder that transfer --out or finetune --out filled; or several ' +
        'runs of transfer side by side in one page. Prints the path of the page.',
    )
    .argument('<folder...>', 'one folder, or several')
    .option('--out <file>', 'where to write the page (one folder: report.html in it, which is replaced)')
    .option('--force', 'replace the file that --out names')
    .addOption(languageOption())
    .action(report);
}

async function report(folders: readonly string[], { out, force, lang }: ReportFlags): Promise<void> {
  if (folders.length > 1 && out === undefined) {
    throw new UsageError('--out: several runs need a file for their page: --out runs.html');
  }
  if (force && out === undefined) {
    throw new UsageError('--force: there is no file to replace without --out: report.html always is');
  }
  const [
    { readSavedRun },
    { holdsFinetuning, readFinetuning },
    { reportPage },
    { finetunePage },
    { REPORT_FILE },
    { writeFileAtomic },
  ] = await Promise.all([
    import('../experiment/saved-run.ts'),
    import('../experiment/finetune/saved.ts'),
    import('../report/html/page.ts'),
    import('../report/html/finetune-page.ts'),
    import('./publish.ts'),
    import('#files'),
  ]);
  const path = out ?? join(folders[0], REPORT_FILE);
  if (out !== undefined && !force && existsSync(out)) {
    throw new Error(`--out: file must be new: ${out} already exists (--force replaces it)`);
  }
  const t = LANGUAGES[lang];
  const names = distinctNames(folders);
  const runs = [];
  let page: string | null = null;
  for (const [i, folder] of folders.entries()) {
    OutFolder.expectFinished('report', folder);
    if (await holdsFinetuning(folder)) {
      if (folders.length > 1) {
        throw new UsageError(
          `a run of finetune has a page of its own: expected one folder, got ${folder} among others`,
        );
      }
      page = finetunePage({ name: names[i], ...(await readFinetuning(folder)) }, t, translated);
    } else runs.push({ name: names[i], ...(await readSavedRun(folder)) });
  }
  page ??= reportPage(runs, t);
  await writing(path, () => writeFileAtomic(path, page));
  write(`${path}\n`);
}

/** The folders' own names, or their paths where two have the same name. */
function distinctNames(folders: readonly string[]): readonly string[] {
  const names = folders.map((folder) => basename(resolve(folder)) || folder);
  return new Set(names).size === names.length ? names : folders;
}
