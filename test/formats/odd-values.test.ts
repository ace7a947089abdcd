/** Any one value of a model's description that is something else: a model, or an error of ours in one line; never the engine's own. */
import { describe, expect, it } from 'vitest';
import { readZip } from '../../src/data/zip.ts';
import { FormatError } from '../../src/formats/errors.ts';
import { unpacker } from '../../src/formats/unpacker-node.ts';
import * as degelo from '../../src/index.ts';
import { layers } from '../../src/layers/registry.ts';
import { modelFromJSON } from '../../src/training/saved/model-from-json.ts';
import { operationModels } from '../fuzz/inputs/graphs.ts';

/** What a value becomes. No text can be made of the first, which joins, templates and comparisons by < ask for. */
const ODD = [{ toString: 1, valueOf: 1 }, [], null, -1];

/** Everything that is in a value, as the way to it. */
function* places(value: unknown, way: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    yield [...way, key];
    yield* places(each, [...way, key]);
  }
}

/** Networks of so many layers or more count as alike: what tells one layer, a chain and a graph apart is there in the smaller ones. */
const LARGE = 4;

/** The way by what it leads through, layers and others by their class; and the kind of value at its end. */
function placeOf(whole: unknown, way: readonly string[]): string {
  let at = whole;
  const names = way.map((key) => {
    at = (at as Record<string, unknown>)[key];
    const named = at as { class_name?: unknown; className?: unknown } | null;
    const name = named?.class_name ?? named?.className;
    return typeof name === 'string' ? name : key;
  });
  return [...names, at === null ? 'null' : Array.isArray(at) ? 'list' : typeof at].join('.');
}

/** Places that look alike, such as the dtype of each input, once for all models of a kind. */
const tried = new Set<string>();

/** The places that no model of its kind had before. */
function* freshPlaces(kind: string, whole: object): Generator<readonly string[]> {
  for (const way of places(whole)) {
    const place = `${kind}: ${placeOf(whole, way)}`;
    if (tried.has(place)) continue;
    tried.add(place);
    yield way;
  }
}

/** A copy with another value in that place. */
function replaced(value: unknown, [key, ...way]: readonly string[], odd: unknown): unknown {
  if (key === undefined) return odd;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  return Object.assign(copy, { [key]: replaced((value as Record<string, unknown>)[key], way, odd) });
}

/** Each operation once: all networks of the fixture take too long. */
function topologies(): [name: string, topology: { config: { layers: unknown[] } }][] {
  const seen = new Set<string>();
  return operationModels().flatMap((text): ReturnType<typeof topologies> => {
    const { model_config } = JSON.parse(text).modelTopology;
    const fresh = [...text.matchAll(/"class_name":"(\w+)"/g)]
      .map(([, name]) => name)
      .filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    return fresh.length > 0 ? [[fresh.join(', '), model_config]] : [];
  });
}

/** A small model of each of our layers: of two inputs, where it takes several. */
function layerModels(): [string, degelo.Model][] {
  const options: Record<string, object> = {
    ...{ dense: { units: 2 }, activation: { activation: 'relu' }, reshape: { targetShape: [32] }, permute: { dims: [2, 1, 3] } },
    ...{ conv2d: { filters: 2, kernelSize: 2 }, conv2dTranspose: { filters: 2, kernelSize: 2 }, depthwiseConv2d: { kernelSize: 2 } },
    ...{ separableConv2d: { filters: 2, kernelSize: 2 }, groupNormalization: { groups: 1 }, normalization: { mean: [0, 0], variance: [1, 1] } },
    ...{ dropout: { rate: 0.1 }, spatialDropout2d: { rate: 0.1 }, gaussianNoise: { stddev: 0.1 }, rescaling: { scale: 0.5 } },
    ...{ resizing: { height: 3, width: 3 }, randomZoom: { heightFactor: 0.1 }, randomTranslation: { heightFactor: 0.1, widthFactor: 0.1 } },
    ...{ randomRotation: { factor: 0.1 }, randomContrast: { factor: 0.1 }, randomBrightness: { factor: 0.1 } },
  }; // biome-ignore format: a table
  return layers.names
    .filter((name) => layers.isOwn(name) && name !== 'InputLayer' && name !== 'Elementwise')
    .map((className): [string, degelo.Model] => {
      const plain = Object.keys(degelo).find(
        (name) => name.toLowerCase() === className.toLowerCase() && /^[a-z]/.test(name),
      );
      const layer = Reflect.get(degelo, plain ?? '')(options[plain ?? ''] ?? {});
      const x = degelo.input({ shape: [4, 4, 2] });
      return [className, degelo.model({ inputs: x, outputs: layer.apply(layer.takesSeveral ? [x, x] : x) })];
    });
}

/** What is thrown for any one other value, of which each must be ours. */
async function expectOurs(whole: object, prefix: RegExp, read: (other: object) => unknown): Promise<void> {
  for (const way of freshPlaces(`${prefix}`, whole)) {
    for (const odd of ODD) {
      const at = `${way.join('.')} = ${JSON.stringify(odd)}`;
      const failure = await Promise.resolve().then(() => read(replaced(whole, way, odd) as object)).then(() => null, (reason: Error) => reason); // biome-ignore format: one thing
      if (failure === null) continue;
      expect(failure, at).toBeInstanceOf(FormatError);
      expect(failure.message, at).toMatch(prefix);
      expect(failure.message, at).not.toContain('\n');
    }
  }
}

describe('the same of each of our layers', () => {
  const models = layerModels();

  it('there are more than 40 of them', () => {
    expect(models.length).toBeGreaterThan(40);
  });

  it.each(models)('%s', async (className, model) => {
    const { json, weights } = await degelo.encodeModel(model);
    await expectOurs(JSON.parse(json), /^model\.(json|safetensors): /, (other) =>
      degelo.decodeModel(JSON.stringify(other), weights),
    );
    if (className === 'LayerScale') return; // Keras has none
    const [text] = readZip(degelo.encodeKeras(model), ['config.json'], 'a.keras', unpacker);
    const config = JSON.parse(new TextDecoder().decode(text));
    await expectOurs(config, /^modelFromJSON: /, (other) =>
      degelo.modelFromJSON(other as never, { initialize: false }),
    );
  });
});

describe('a model or one line, whatever stands in any one place of', () => {
  it.each(topologies())('%s', (_, topology) => {
    const kind = `of ${Math.min(topology.config.layers.length, LARGE)} layers`;
    for (const way of freshPlaces(kind, topology)) {
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
