/** `degelo summary`: what the experiment's model looks like. */
import type { Command } from 'commander';
import { LANGUAGES, type Language } from '../report/messages.ts';
import { write } from './output.ts';
import { columnsOf } from './screen.ts';
import { languageOption } from './usage.ts';

interface SummaryFlags {
  readonly frozen?: true;
  readonly plan?: true;
  readonly lang: Language;
}

export function addSummaryCommand(program: Command): void {
  program
    .command('summary')
    .description("print the layers of the experiment's model, and what one training step computes")
    .option('--frozen', 'as in the second phase, with the feature layers frozen')
    .option('--plan', 'also print the plan of a training step: which gradients are computed, what is kept')
    .addOption(languageOption())
    .action(printSummary);
}

async function printSummary({ frozen, plan, lang }: SummaryFlags): Promise<void> {
  const [
    { makeClassificationLayers, makeFeatureLayers },
    { sequential },
    { describeLayers },
    { summaryText },
  ] = await Promise.all([
    import('../experiment/transfer.ts'),
    import('../training/sequential.ts'),
    import('../experiment/details.ts'),
    import('../report/summary.ts'),
  ]);
  const featureLayers = makeFeatureLayers([28, 28, 1]);
  const model = sequential({ layers: [...featureLayers, ...makeClassificationLayers(5)], name: 'transfer' });
  if (frozen) for (const layer of featureLayers) layer.trainable = false;
  const columns = columnsOf(process.stdout);
  write(`${summaryText(model.name, describeLayers(model), LANGUAGES[lang], columns)}\n`);
  if (!plan) return;
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 0 });
  write(`\n${model.describePlan(columns)}\n`);
}
