/** The model's layers as text in any language; in English just what `model.summary()` prints. */

import { shown } from '../checks/shown.ts';
import type { LayerDetails } from '../experiment/details.ts';
import { table } from '../model/table.ts';
import { formatInteger } from './format.ts';
import type { Messages } from './messages.ts';

/** The place of the column that is left out where a terminal is narrow: output shapes. */
const SHAPES = 1;

/**
 * @param name the model's
 * @param columns of the terminal; no limit where there is none
 */
export function summaryText(
  name: string,
  layers: readonly LayerDetails[],
  t: Messages,
  columns = Infinity,
): string {
  const integer = (value: number): string => formatInteger(value, t.locale);
  const sum = (chosen: readonly LayerDetails[]): string =>
    integer(chosen.reduce((total, { params }) => total + params, 0));
  const rows = layers.map(({ name, class_name, output_shape, params, trainable }) => [
    shown(`${name} (${class_name})`),
    `[${[t.batch, ...output_shape].join(', ')}]`,
    integer(params),
    params === 0 ? '' : trainable ? t.yes : t.frozen,
  ]);
  return [
    t.model(shown(name)),
    table(t.layerColumns, rows, [2], { columns, optional: [SHAPES] }),
    `${t.totalParams}: ${sum(layers)}`,
    `${t.trainableParams}: ${sum(layers.filter(({ trainable }) => trainable))}`,
    `${t.nonTrainableParams}: ${sum(layers.filter(({ trainable }) => !trainable))}`,
  ].join('\n');
}
