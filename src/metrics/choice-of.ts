/** Functions that make metrics for `compile`: of their options, and of the name that a figure has in logs. */
import { describe } from '../checks/describe.ts';
import { isBag, readOptions, unary } from '../checks/options.ts';
import { nameText } from '../checks/values.ts';
import type { MetricConfig } from './metric.ts';

/** What the function of every metric takes. */
export interface FigureNameOption {
  /** What its figure is called in logs and histories, as Keras' `name`: two metrics of a kind need two. Default: the metric's own name. */
  name?: string | undefined;
}

/**
 * The function of a kind of metric.
 * @param read checks the options, and gives all that it takes to make the metric again
 */
export function choiceOf<O extends object>(
  kind: string,
  read: (options: O) => object,
): (options?: O & FigureNameOption) => MetricConfig {
  return unary(kind, (options?: O & FigureNameOption): MetricConfig => {
    const { name: as, ...others } = isBag(options) ? readOptions(kind, options) : { name: undefined };
    // What is no object is for `read` to refuse.
    const config = { name: kind, ...read((isBag(options) || options === undefined ? others : options) as O) };
    return as === undefined ? config : { ...config, as: checkName(kind, as) };
  });
}

/** @throws TypeError where it is no text, RangeError for a name that another figure has or may have. */
function checkName(kind: string, name: unknown): string {
  const text = nameText(kind, 'name', name);
  if (text !== 'loss' && !text.startsWith('val_')) return text;
  throw new RangeError(
    `${kind}: name must be neither loss nor begin with val_, which others have, got ${describe(text)}`,
  );
}
