/** Any one value of a Keras topology that is something else: a model, or an error of ours in one line; never the engine's own. */
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/formats/errors.ts';
import { modelFromJSON } from '../../src/training/saved/model-from-json.ts';
import { operationModels } from '../fuzz/inputs/graphs.ts';

/** What a value becomes. No text can be made of the first, which joins, templates and comparisons by < ask for. */
const ODD = [{ toString: 1, valueOf: 1 }, [], null, -1];

/** Everything that stands in a value, as the way to it. */
function* places(value: unknown, way: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    yield [...way, key];
    yield* places(each, [...way, key]);
  }
}

/** A copy with another value in that place. */
function replaced(value: unknown, [key, ...way]: readonly string[], odd: unknown): unknown {
  if (key === undefined) return odd;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  return Object.assign(copy, { [key]: replaced((value as Record<string, unknown>)[key], way, odd) });
}

/** Each operation once: all networks of the fixture take too long. */
function topologies(): [name: string, topology: unknown][] {
  const seen = new Set<string>();
  return operationModels().flatMap((text): [string, unknown][] => {
    const { model_config } = JSON.parse(text).modelTopology;
    const fresh = [...text.matchAll(/"class_name":"(\w+)"/g)]
      .map(([, name]) => name)
      .filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    return fresh.length > 0 ? [[fresh.join(', '), model_config]] : [];
  });
}

describe('a model or one line, whatever stands in any one place of', () => {
  it.each(topologies())('%s', (_, topology) => {
    for (const way of places(topology)) {
      for (const odd of ODD) {
        let failure: unknown = null;
        try {
          modelFromJSON(replaced(topology, way, odd) as Record<string, unknown>, { initialize: false });
        } catch (error) {
          failure = error;
        }
        if (failure === null) continue;
        const at = `${way.join('.')} = ${JSON.stringify(odd)}`;
        expect(failure, at).toBeInstanceOf(FormatError);
        expect((failure as FormatError).message, at).toMatch(/^modelFromJSON: [^\n]*$/);
      }
    }
  });
});
