/** `degelo summary`: what the experiment's model looks like, or that of a file. */
import type { Command } from 'commander';
import { planInPortuguese } from '../report/messages/plan-pt.ts';
import { LANGUAGES, type Language } from '../report/messages.ts';
import type { Model } from '../training/model.ts';
import { modelFolder } from './model-folder.ts';
import { tell, translated, write } from './output.ts';
import { columnsOf } from './screen.ts';
import { languageOption, UsageError } from './usage.ts';

interface SummaryFlags {
  readonly frozen?: true;
  readonly plan?: true;
  readonly lang: Language;
}

export function addSummaryCommand(program: Command): void {
  program
    .command('summary')
    .description(
      "Print the layers of a model of any format that degelo reads, or of the experiment's; with --plan also what a training step computes.",
    )
    .argument('[model]', "a model's file, folder or URL; the experiment's model without it")
    .option('--frozen', 'as in the second phase, with the feature layers frozen')
    .option('--plan', 'also print the plan of a training step: which gradients are computed, what is kept')
    .addOption(languageOption())
    .action(printSummary);
}

async function printSummary(place: string | undefined, { frozen, plan, lang }: SummaryFlags): Promise<void> {
  const [{ describePlan, summarize }, { countedLayers, summaryText }] = await Promise.all([
    import('../model/summary.ts'),
    import('../report/summary.ts'),
  ]);
  if (place !== undefined && frozen) {
    throw new UsageError(
      "summary: --frozen is only for the experiment's model: a model's file says what is frozen",
    );
  }
  const model = place === undefined ? await experimentsModel(frozen === true) : await loaded(place);
  const columns = columnsOf(process.stdout);
  if (model.origin) write(`${place}: ${translated(model.origin.description)}\n\n`);
  write(
    model.origin && lang === 'en'
      ? `${summarize(model, { expandNested: true })}\n`
      : `${summaryText(model.name, countedLayers(model), LANGUAGES[lang], columns)}\n`,
  );
  if (!plan) return;
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 0 });
  const say = lang === 'pt' ? planInPortuguese : undefined;
  write(`\n${describePlan(model.plan(), columns, say)}\n`);
}

async function loaded(place: string): Promise<Model> {
  const { loadModel } = await import('../training/saved/load-model.ts');
  const model = await loadModel(modelFolder(place));
  tell(model);
  return model;
}

async function experimentsModel(frozen: boolean): Promise<Model> {
  const [{ makeClassificationLayers, makeFeatureLayers }, { sequential }] = await Promise.all([
    import('../experiment/transfer.ts'),
    import('../training/sequential.ts'),
  ]);
  const featureLayers = makeFeatureLayers([28, 28, 1]);
  const model = sequential({ layers: [...featureLayers, ...makeClassificationLayers(5)], name: 'transfer' });
  if (frozen) for (const layer of featureLayers) layer.trainable = false;
  return model;
}
