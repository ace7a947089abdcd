/** Layers in older files of ours: what degelo lacked when they were written, and has now. */
import type { LayerConfig } from '../layers/layer.ts';
import { layerFromConfig } from '../layers/registry.ts';
import { isObject } from './json.ts';
import { valueFromKeras } from './keras-values.ts';

/**
 * A layer's options. Keras' regularizers that are in `unsupported` become the options that they are today; what the layer still
 * lacks stays where it is.
 */
export function withTodaysOptions(className: string, config: LayerConfig): LayerConfig {
  const { unsupported, ...others } = config;
  if (!isObject(unsupported)) return config;
  let known: LayerConfig = others;
  const lacking = Object.entries(unsupported).filter(([key, value]) => {
    const option = key.replace(/_regularizer$/, 'Regularizer');
    const read = option === key || known[option] ? undefined : valueFromKeras(option, value, true);
    if (read === undefined || !isLayer(className, { ...others, [option]: read })) return true;
    known = { ...known, [option]: read };
    return false;
  });
  return { ...known, ...(lacking.length > 0 && { unsupported: Object.fromEntries(lacking) }) };
}

/** Whether there is such a layer with these options. */
function isLayer(className: string, config: LayerConfig): boolean {
  try {
    layerFromConfig(className, config);
    return true;
  } catch {
    return false;
  }
}
