/**
 * What a model looks like, as text: Keras' summary, and the plan of a step.
 */
import type { Layer, Stage } from '../layers/layer.ts';
import { sizeOf } from '../tensor/tensor.ts';
import type { Network } from './network.ts';
import { needsBackward, type Plan } from './plan.ts';
import { table } from './table.ts';

/**
 * Layers, output shapes and parameters, and the counts of trainable and frozen ones, as Keras prints them.
 * @throws Error where the network isn't built.
 */
export function summarize(network: Network): string {
  const { total, trainable, nonTrainable } = network.countParams();
  const rows = network.layers.map((layer) => [
    `${layer.name} (${layer.className})`,
    `[batch, ${layer.outputShape?.join(', ')}]`,
    layer.countParams().toLocaleString('en'),
    layer.parameters.length === 0 ? '' : layer.trainable ? 'yes' : 'frozen',
  ]);
  return [
    `Model: ${network.name}`,
    table(['Layer (type)', 'Output shape', 'Param #', 'Trainable'], rows, [2]),
    `Total params: ${total.toLocaleString('en')}`,
    `Trainable params: ${trainable.toLocaleString('en')}`,
    `Non-trainable params: ${nonTrainable.toLocaleString('en')}`,
  ].join('\n');
}

/**
 * The plan of a training step: for each stage what is computed forward, which gradients backward, and what is
 * kept for it between the two.
 * @param columns the widest line; a plan that is wider becomes a list. Default: no limit.
 */
export function describePlan(plan: Plan, columns = Infinity): string {
  const lastBackward = plan.stages.findIndex(needsBackward);
  const rows = plan.stages.map((stage, i) => {
    const names = [stage.layer, ...stage.folded].map(({ name }) => name).join(' + ');
    const cached = i < plan.prefix && plan.loss !== null;
    return [
      names,
      cached ? 'once a sample, then cached' : forwardText(stage),
      [
        stage.weightGradient ? 'weights' : '',
        stage.inputGradient ? `input${stage.zeroInputsAreDead ? ' (where not 0)' : ''}` : '',
        needsBackward(stage) && stage.pool ? 'sparse walk' : '',
      ]
        .filter(Boolean)
        .join(', ') || 'none',
      needsBackward(stage)
        ? keptText(stage.layer, stage.relu, stage.pool !== null, stage.weightGradient)
        : 'nothing',
    ];
  });
  if (plan.loss) {
    const name = `${plan.folded ? `${plan.folded} + ` : ''}${plan.loss.name}`;
    rows.push([name, 'probabilities, loss', lastBackward < 0 ? 'none' : 'input', 'probabilities']);
  }
  const parts = [
    table(['Stage', 'Forward', 'Gradients backward', 'Kept for backward'], rows, [], { columns }),
  ];
  if (plan.loss && plan.prefix > 0) {
    const size = sizeOf(plan.stages[plan.prefix - 1].outputShape);
    parts.push(
      `The first ${plan.prefix} stage${plan.prefix > 1 ? 's are' : ' is'} frozen and deterministic: ` +
        `${size.toLocaleString('en')} features (${((size * 4) / 1024).toFixed(0)} KB) a sample are computed once and kept.`,
    );
  }
  return parts.join('\n');
}

function forwardText(stage: Stage): string {
  return [stage.layer.work(stage), stage.relu ? 'ReLU' : '', stage.pool ? 'maximum' : '']
    .filter(Boolean)
    .join(', ');
}

function keptText(layer: Layer, relu: boolean, pool: boolean, weightGradient: boolean): string {
  return (
    [weightGradient ? 'input' : '', relu ? 'output' : '', pool ? 'place of the maximum' : '', layer.keeps]
      .filter(Boolean)
      .join(', ') || 'nothing'
  );
}
