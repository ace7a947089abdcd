/** The base of a fine-tuning: its network with how it takes photos, and what tells it from others. */

import { sha256, weightsSha256 } from '../../formats/sha256.ts';
import { VERSION } from '../../formats/version.ts';
import type { KernelName } from '../../kernels/kernels.ts';
import type { ConvolutionChoice } from '../../layers/convolution.ts';
import { PREPROCESSINGS, type Preprocessing, preprocessingOf } from '../../model/preprocessing.ts';
import { expectImageNetwork } from './cut.ts';
import { FinetuneNetwork, type NetworkChoice } from './network.ts';
import type { CommonOptions } from './options.ts';
import { unnested } from './unnest.ts';

/** What of a fine-tuning's options makes its network. */
export type BaseOptions = Pick<CommonOptions, 'base' | 'cut' | 'size' | 'preprocessing'>;

/**
 * The network of a base, and of a head for these classes.
 * @throws RangeError where the base takes no photos, or none of this size, where the cut doesn't exist, and where nobody says what
 *   the base makes of pixels.
 */
export function networkOf(
  { base, cut, size, preprocessing }: BaseOptions,
  head: Pick<NetworkChoice, 'classNames' | 'hidden' | 'dropout' | 'head' | 'seed'>,
): FinetuneNetwork {
  const own = expectImageNetwork(base.model, base.source);
  const { model, aliases } = unnested(base.model);
  return new FinetuneNetwork({
    base: model,
    ...(cut != null && { cut: aliases.get(cut) ?? cut }),
    size: size ?? own,
    preprocessing: settlePreprocessing(preprocessing, base),
    ...head,
  });
}

/** @throws RangeError where it isn't given, and the base doesn't say. */
function settlePreprocessing(given: Preprocessing | undefined, base: CommonOptions['base']): Preprocessing {
  const settled = given ?? preprocessingOf(base.model);
  if (settled) return settled;
  throw new RangeError(
    `--preprocess: must be given for this base, which doesn't say how it scales pixels: expected one of ` +
      `${PREPROCESSINGS.join(', ')} (what it was trained with), for ${base.source}`,
  );
}

/** A SHA-256 of the base up to the cut: of its layers and its weights. */
export async function baseHash({ features }: FinetuneNetwork): Promise<string> {
  const layers = features
    .toConfig()
    .layers.map(({ className, config: { trainable: _, ...config }, inputs }) => ({
      className,
      config,
      inputs,
    }));
  return sha256(new TextEncoder().encode(JSON.stringify(layers) + (await weightsSha256(features))));
}

/** Says by what arithmetic features were computed, so that those of an earlier run are told from others. @param baseSha256 baseHash's */
export async function featureKey(
  { preprocessing, size }: FinetuneNetwork,
  baseSha256: string,
  { convolution, kernel }: { readonly convolution: ConvolutionChoice; readonly kernel: KernelName },
): Promise<string> {
  const units = { preprocessing, size, convolution, fused: kernel === 'fma', version: VERSION };
  return sha256(new TextEncoder().encode(JSON.stringify([baseSha256, units])));
}
