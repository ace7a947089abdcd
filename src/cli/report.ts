/** `degelo report`: the page of runs that are saved, drawn again without training. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { LANGUAGES, type Language } from '../report/messages.ts';
import { OutFolder } from './out-folder.ts';
import { write } from './output.ts';
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
      'Draw report.html of a finished run again, from the folder that transfer --out filled; or several runs side ' +
        'by side in one page. Prints the path of the page.',
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
  const [{ readSavedRun }, { reportPage }, { REPORT_FILE }, { writeFileAtomic }] = await Promise.all([
    import('../experiment/saved-run.ts'),
    import('../report/html/page.ts'),
    import('./publish.ts'),
    import('#files'),
  ]);
  const path = out ?? join(folders[0], REPORT_FILE);
  if (out !== undefined && !force && existsSync(out)) {
    throw new Error(`--out: file must be new: ${out} is there already (--force replaces it)`);
  }
  const names = distinctNames(folders);
  const runs = [];
  for (const [i, folder] of folders.entries()) {
    OutFolder.expectFinished('report', folder);
    runs.push({ name: names[i], ...(await readSavedRun(folder)) });
  }
  const page = reportPage(runs, LANGUAGES[lang]);
  await writing(path, () => writeFileAtomic(path, page));
  write(`${path}\n`);
}

/** The folders' own names, or their paths where two have the same name. */
function distinctNames(folders: readonly string[]): readonly string[] {
  const names = folders.map((folder) => basename(resolve(folder)) || folder);
  return new Set(names).size === names.length ? names : folders;
}
