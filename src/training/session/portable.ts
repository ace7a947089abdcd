/**
 * Which layers, losses, optimizers and metrics worker threads can make from a description: our own, and a user's that were registered
 * with their module's URL. A function can't be sent to another thread, but the thread can import the module that has it.
 */
import type { Layer } from '../../layers/layer.ts';
import { layerFromConfig, layers } from '../../layers/registry.ts';
import { type Loss, lossConfig } from '../../losses/loss.ts';
import { getLoss, losses } from '../../losses/registry.ts';
import { kindOf, type MetricConfig } from '../../metrics/metric.ts';
import { metrics, nameOf } from '../../metrics/registry.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { getOptimizer, optimizers } from '../../optimizers/registry.ts';
import { isMadeAgain, type Registry } from '../../registry/registry.ts';

/** The parts of a session that users may have written themselves. */
export interface Parts {
  readonly layers: readonly Layer[];
  readonly loss: Loss | null;
  readonly optimizer: Optimizer | null;
  readonly metrics: readonly (string | MetricConfig)[];
}

/** One part: its name, the registry of such names, and how a thread would make it. */
interface Part {
  readonly what: string;
  readonly name: string;
  readonly registry: Registry<object>;
  readonly object: object;
  readonly make: () => object;
}

function partsOf({ layers: all, loss, optimizer, metrics: measured }: Parts): Part[] {
  const parts: Part[] = all.map((object) => ({
    ...{ what: `layer ${object.name} (${object.className})`, name: object.className, object },
    ...{ registry: layers, make: () => layerFromConfig(object.className, object.getConfig()) },
  }));
  if (loss) {
    const make = (): Loss => getLoss(lossConfig(loss));
    parts.push({ what: `loss ${loss.name}`, name: loss.name, registry: losses, object: loss, make });
  }
  if (optimizer) {
    const { name } = optimizer;
    const make = (): Optimizer => getOptimizer(optimizer.getConfig());
    parts.push({ what: `optimizer ${name}`, name, registry: optimizers, object: optimizer, make });
  }
  for (const choice of measured) {
    const name = nameOf(kindOf(choice));
    // A metric is known by its name alone, a loss too: any thread that has it registered makes the same.
    const registry = metrics.names.includes(name) ? metrics : losses;
    parts.push({ what: `metric ${name}`, name, registry, object: {}, make: () => ({}) });
  }
  return parts;
}

/** URLs of the modules that worker threads import before they make these. */
export function modulesOf(parts: Parts): string[] {
  const urls = partsOf(parts).map(({ name, registry }) => registry.moduleOf(name));
  return [...new Set(urls.filter((url) => url !== null))].sort();
}

/** The first part that worker threads can't make, as messages name it; null: they can make all. */
export function homebound(parts: Parts): string | null {
  const part = partsOf(parts).find(({ name, registry, object, make }) => {
    if (!registry.isOwn(name) && registry.moduleOf(name) === null) return true;
    return !isMadeAgain(object, make);
  });
  return part?.what ?? null;
}
