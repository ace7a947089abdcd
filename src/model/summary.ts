/**
 * What a model looks like, as text: Keras' summary, and the plan of a step.
 */
import { shown } from '../checks/shown.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { asNetwork, type Network } from './network.ts';
import { needsBackward, type Plan } from './plan.ts';
import type { PlannedStage } from './planned-stage.ts';
import { countParameters, type ParameterCounts } from './roles.ts';
import { table } from './table.ts';

/** How a summary is printed. */
export interface SummaryOptions {
  /** Models within the model are followed by their own layers, indented. Default: false. */
  expandNested?: boolean | undefined;
}

/**
 * Layers, output shapes and parameters, and the counts of trainable and frozen ones, as Keras prints them; of a graph also what
 * each layer is connected to.
 * @throws Error where the network isn't built.
 */
export function summarize(network: Network, { expandNested = false }: SummaryOptions = {}): string {
  void network.inputShape; // throws where it isn't built
  const { total, trainable, nonTrainable } = network.countParams();
  const isGraph = network.className === 'Functional';
  const rows = rowsOf(network, expandNested, '');
  const header = ['Layer (type)', 'Output shape', 'Param #', 'Trainable', 'Connected to'];
  const columns = isGraph || (expandNested && rows.some((row) => row[4])) ? 5 : 4;
  return [
    `Model: ${shown(network.name)}`,
    table(
      header.slice(0, columns),
      rows.map((row) => row.slice(0, columns)),
      [2],
    ),
    `Total params: ${total.toLocaleString('en')}`,
    `Trainable params: ${trainable.toLocaleString('en')}`,
    `Non-trainable params: ${nonTrainable.toLocaleString('en')}`,
  ].join('\n');
}

function rowsOf(network: Network, expandNested: boolean, indent: string): string[][] {
  const { layers, links, className } = network;
  return layers.flatMap((layer, i) => {
    const inner = asNetwork(layer);
    const counts =
      inner?.countParams() ?? countParameters(layer, { trainable: layer.trainable, training: true });
    const read = links[i].inputs.flatMap((input) => (input < 0 ? [] : [layers[input].name]));
    const row = [
      indent + shown(`${layer.name} (${layer.className})`),
      `[batch, ${layer.outputShape?.join(', ')}]`,
      counts.total.toLocaleString('en'),
      counts.total === 0 ? '' : trainableText(counts),
      className === 'Functional' ? shown(read.join(', ')) || '-' : '',
    ];
    return inner && expandNested ? [row, ...rowsOf(inner, true, `${indent}│ `)] : [row];
  });
}

/** What of a layer's parameters an optimizer changes. */
function trainableText({ trainable, total }: ParameterCounts): string {
  if (trainable === 0) return 'frozen';
  return trainable === total ? 'yes' : `${trainable.toLocaleString('en')} of them`;
}

/**
 * The plan of a training step: for each stage what is computed forward, which gradients backward, and what is
 * kept for it between the two.
 * @param columns the widest line; a plan that is wider becomes a list. Default: no limit.
 * @param say puts a text into another language. Default: English, as it is.
 */
export function describePlan(
  plan: Plan,
  columns = Infinity,
  say: (english: string) => string = (english) => english,
): string {
  const isBackward = plan.stages.some(needsBackward);
  const rows = plan.stages.map((stage, s) => {
    const { padding, layer, folded } = stage;
    const all = [padding, layer, ...folded].flatMap((each) => (each ? shown(each.name) : []));
    const names = all.join(' + ');
    const cached = plan.cached.stages[s] && plan.loss !== null;
    return [
      names,
      cached ? 'once per sample, then cached' : forwardText(stage),
      [
        stage.weightGradient ? 'weights' : '',
        stage.inputGradient ? `input${stage.zeroInputsAreDead ? ' (where not 0)' : ''}` : '',
        needsBackward(stage) && stage.pool ? 'sparse walk' : '',
      ]
        .filter(Boolean)
        .join(', ') || 'none',
      needsBackward(stage) ? keptText(stage) : 'nothing',
    ];
  });
  if (plan.loss) {
    const name = `${plan.folded ? `${plan.folded} + ` : ''}${plan.loss.name}`;
    rows.push([name, 'probabilities, loss', isBackward ? 'input' : 'none', 'probabilities']);
  }
  const headings = ['Stage', 'Forward', 'Gradients backward', 'Kept for backward'].map(say);
  const said = rows.map(([names, ...cells]) => [names, ...cells.map(say)]);
  const parts = [table(headings, said, [], { columns })];
  if (plan.loss && plan.cut.length > 0) parts.push(say(cutText(plan)));
  const inLargeTiles = plan.inference
    .filter(({ largeTiles }) => largeTiles)
    .map(({ layer }) => shown(layer.name));
  if (inLargeTiles.length > 0)
    parts.push(say(`predict computes by Winograd F(4×4, 3×3): ${inLargeTiles.join(', ')}.`));
  return parts.join('\n');
}

/** What of the frozen part is kept. */
function cutText({ stages, cached, cut, tensors }: Plan): string {
  const count = cached.stages.filter(Boolean).length;
  const isAtStart = cached.stages.slice(0, count).every(Boolean);
  const which = `${isAtStart ? 'The first ' : ''}${count} stage${count > 1 ? 's are' : ' is'}`;
  const size = cut.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const kept = `${size.toLocaleString('en')} features (${((size * 4) / 1024).toFixed(0)} KB) a sample are computed once and kept`;
  const names = cut.map(({ tensor, shape }) => {
    const { layer, folded } = stages[tensors.stages.indexOf(tensor)];
    return `${shown((folded.at(-1) ?? layer).name)} [${shape.join(', ')}]`;
  });
  const of = cut.length > 1 ? `: ${names.join(', ')}` : '';
  return `${which} frozen and deterministic: ${kept}${of}.`;
}

function reluText({ relu }: PlannedStage): string {
  if (relu === false) return '';
  return relu === true ? 'ReLU' : `ReLU up to ${relu}`;
}

function forwardText(stage: PlannedStage): string {
  return [stage.layer.work(stage), reluText(stage), stage.pool ? 'maximum' : ''].filter(Boolean).join(', ');
}

function keptText(stage: PlannedStage): string {
  const { layer, pool } = stage;
  const { inputs, output } = layer.backwardReads(stage);
  return (
    [inputs ? 'input' : '', output ? 'output' : '', pool ? 'place of the maximum' : '', layer.keptWhat]
      .filter(Boolean)
      .join(', ') || 'nothing'
  );
}
