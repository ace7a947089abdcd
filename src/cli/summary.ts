/** `degelo summary`: what the experiment's model looks like. */
import type { Command } from 'commander';

interface SummaryFlags {
  readonly frozen?: true;
  readonly plan?: true;
}

export function addSummaryCommand(program: Command): void {
  program
    .command('summary')
    .description("print the layers of the experiment's model, and what one training step computes")
    .option('--frozen', 'as in the second phase, with the feature layers frozen')
    .option('--plan', 'also print the plan of a training step: which gradients are computed, what is kept')
    .action(printSummary);
}

async function printSummary({ frozen, plan }: SummaryFlags): Promise<void> {
  const { makeClassificationLayers, makeFeatureLayers } = await import('../experiment/transfer.ts');
  const { sequential } = await import('../training/sequential.ts');
  const featureLayers = makeFeatureLayers([28, 28, 1]);
  const model = sequential({ layers: [...featureLayers, ...makeClassificationLayers(5)], name: 'transfer' });
  if (frozen) for (const layer of featureLayers) layer.trainable = false;
  model.summary((line) => process.stdout.write(`${line}\n`));
  if (!plan) return;
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 0 });
  process.stdout.write(`\n${model.describePlan()}\n`);
}
