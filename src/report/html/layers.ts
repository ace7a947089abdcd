/** The model's layers with what each phase did to them; the frozen part is marked, not by colour only. */
import type { LayerDetails } from '../../experiment/details.ts';
import { formatInteger } from '../format.ts';
import type { Messages } from '../messages.ts';
import type { Markup } from './markup.ts';
import { htmlTable } from './table.ts';

/**
 * @param name the model's
 * @param phases titles of the two phases
 * @param source the layers as the first phase trained them, `target` as the second did
 */
export function layerTable(
  name: string,
  phases: readonly [string, string],
  source: readonly LayerDetails[],
  target: readonly LayerDetails[],
  t: Messages,
): Markup {
  const state = (layer: LayerDetails | undefined): string => {
    if (!layer) return '–';
    if (!layer.trainable) return `❄\u00a0${t.frozen}`;
    return layer.params > 0 ? t.page.trained : '–';
  };
  const [nameColumn, shapeColumn, paramsColumn] = t.layerColumns;
  const columns = [
    { name: nameColumn },
    ...phases.map((phase) => ({ name: t.page.inPhase(phase) })),
    { name: paramsColumn, isNumber: true },
    { name: shapeColumn },
  ];
  const before = (layer: LayerDetails): LayerDetails | undefined =>
    source.find((other) => other.name === layer.name);
  const rows = target.map((layer) => [
    `${layer.name} (${layer.class_name})`,
    state(before(layer)),
    state(layer),
    formatInteger(layer.params, t.locale),
    `[${[t.batch, ...layer.output_shape].join(',\u00a0')}]`,
  ]);
  return htmlTable(t.page.layersCaption(name), columns, rows, t.page.swipe, (row) =>
    target[row].trainable ? null : 'frozen',
  );
}
