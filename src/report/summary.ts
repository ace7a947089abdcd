/** The model's layers as text in any language; in English just what `model.summary()` prints. */

import { shown } from '../checks/shown.ts';
import { describeLayers, type LayerDetails } from '../experiment/details.ts';
import { asNetwork, type Network } from '../model/network.ts';
import { countParameters } from '../model/roles.ts';
import { table } from '../model/table.ts';
import { formatInteger } from './format.ts';
import type { Messages } from './messages.ts';

/** The place of the column that is left out where a terminal is narrow: output shapes. */
const SHAPES = 1;

/** A layer, with how many of its parameters an optimizer changes: batch normalisation's averages are none of these. */
interface CountedLayer extends LayerDetails {
  /** Default: all, or none where it is frozen. */
  readonly trainable_params?: number;
}

/** A model's layers for `summaryText`, counted as `model.summary()` counts them. */
export function countedLayers({ layers }: Pick<Network, 'layers'>): CountedLayer[] {
  return describeLayers({ layers }).map((described, i) => {
    const layer = layers[i];
    const { trainable } =
      asNetwork(layer)?.countParams() ??
      countParameters(layer, { trainable: layer.trainable, training: true });
    return { ...described, trainable_params: trainable };
  });
}

/**
 * @param name the model's
 * @param columns of the terminal; no limit where there is none
 */
export function summaryText(
  name: string,
  layers: readonly CountedLayer[],
  t: Messages,
  columns = Infinity,
): string {
  const integer = (value: number): string => formatInteger(value, t.locale);
  const trainedOf = ({
    params,
    trainable,
    trainable_params = trainable ? params : 0,
  }: CountedLayer): number => trainable_params;
  const total = layers.reduce((sum, { params }) => sum + params, 0);
  const trained = layers.reduce((sum, layer) => sum + trainedOf(layer), 0);
  const standing = (layer: CountedLayer): string => {
    const count = trainedOf(layer);
    if (count === layer.params) return layer.params === 0 ? '' : t.yes;
    return count === 0 ? t.frozen : t.someOf(integer(count));
  };
  const rows = layers.map((layer) => [
    shown(`${layer.name} (${layer.class_name})`),
    `[${[t.batch, ...layer.output_shape].join(', ')}]`,
    integer(layer.params),
    standing(layer),
  ]);
  return [
    t.model(shown(name)),
    table(t.layerColumns, rows, [2], { columns, optional: [SHAPES] }),
    `${t.totalParams}: ${integer(total)}`,
    `${t.trainableParams}: ${integer(trained)}`,
    `${t.nonTrainableParams}: ${integer(total - trained)}`,
  ].join('\n');
}
