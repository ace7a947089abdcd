/**
 * What follows from a model's layers and how they are connected, whether these are a row or a graph: its layers with those of models
 * within, its parameters and its weights.
 */
import { describe, listed } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { expectItself } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { didYouMean } from '../checks/suggest.ts';
import { flag } from '../checks/values.ts';
import { InputLayer } from '../layers/input-layer.ts';
import { Layer, type Parameter } from '../layers/layer.ts';
import { expectWeights } from '../layers/parameter.ts';
import { expectBetweenSteps } from '../layers/turns.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { type Link, type Node, parameterName } from './graph.ts';
import { countParameters, type ParameterCounts } from './roles.ts';

/** A parameter of a model. */
export interface NamedParameter {
  readonly layer: Layer;
  readonly parameter: Parameter;
  readonly value: Tensor;
  /** `dense/kernel`, `features/conv2d/kernel` */
  readonly name: string;
}

/** Layers, and how they are connected. */
export abstract class ConnectedLayers extends Layer<ParameterCounts, () => NamedParameter[]> {
  /** The layers, in order; a model may be in the place of one. */
  abstract get layers(): readonly Layer[];

  /** How each of the layers is connected. */
  abstract get links(): readonly Link[];

  /**
   * A layer by its name or its place: `getLayer('dense')`, `getLayer(0)`.
   * @throws RangeError where there is none; it says which there are.
   */
  getLayer(nameOrIndex: string | number): Layer {
    noMoreArguments('getLayer', arguments, 1, 'by its name or by its place');
    const layer =
      typeof nameOrIndex === 'number'
        ? this.layers[nameOrIndex]
        : this.layers.find(({ name }) => name === nameOrIndex);
    if (layer) return layer;
    const names = this.layers.map(({ name }) => name);
    const expected =
      typeof nameOrIndex === 'number' ? `0 to ${names.length - 1}` : `one of ${listed(names) || 'none'}`;
    throw new RangeError(
      `getLayer: ${this.name} has no such layer: expected ${expected}, got ${describe(nameOrIndex)}${didYouMean(nameOrIndex, names)}`,
    );
  }

  /** Whether any layer is trainable; setting it sets every layer, also those of models within. */
  override get trainable(): boolean {
    return this.layers.some((layer) => layer.trainable);
  }

  override set trainable(trainable: boolean) {
    flag(this.name, 'trainable', trainable);
    for (const layer of this.layers) layer.trainable = trainable;
  }

  /** All layers, those of models within too, in an order in which each comes after those that it reads. */
  nodes(): Node[] {
    expectItself('layers', this);
    const nodes: Node[] = [];
    this.#collect(-1, true, [], nodes);
    return nodes;
  }

  /** The layers of all nodes, in the same order. */
  allLayers(): Layer[] {
    return this.nodes().map(({ layer }) => layer);
  }

  /** @returns the node that gives the model's output */
  #collect(from: number, training: boolean, path: readonly string[], nodes: Node[]): number {
    const places: number[] = [];
    for (const [i, layer] of this.layers.entries()) {
      const link = this.links[i];
      const inputs = link.inputs.map((input) => (input < 0 ? from : places[input]));
      const own = { training: training && link.training, path: [...path, layer.name] };
      const model: unknown = layer; // or a layer
      if (layer instanceof InputLayer) {
        places.push(from);
      } else if (model instanceof ConnectedLayers) {
        places.push(model.#collect(inputs[0], own.training, own.path, nodes));
      } else {
        nodes.push({ layer, inputs, ...own, trainable: layer.trainable });
        places.push(nodes.length - 1);
      }
    }
    return places.at(-1) ?? from;
  }

  /** `parameters()`: those with the layers that own them, in the order in which weights are listed and saved. */
  override get parameters(): () => NamedParameter[] {
    return () => {
      expectItself('parameters', this);
      return this.#parameters();
    };
  }

  #parameters(): NamedParameter[] {
    return this.nodes().flatMap((node) =>
      // A layer has parameters once it is built, and drawWeights gives them values.
      node.layer.parameters.map((parameter) => {
        const name = parameterName(node, parameter.name);
        expectMemory(this.name, name, parameter.value);
        return { layer: node.layer, parameter, value: parameter.value as Tensor, name };
      }),
    );
  }

  /** Number of parameters: all, and those that training changes by their gradients. */
  override countParams(): ParameterCounts {
    return this.nodes()
      .map((node) => countParameters(node.layer, node))
      .reduce(addCounts, { total: 0, trainable: 0, nonTrainable: 0 });
  }

  /**
   * Copies of all weights: for each layer its kernel, then its bias.
   * @throws Error outside callbacks while `fit` is at work: a step may be half done.
   */
  override getWeights(): Tensor[] {
    noMoreArguments('getWeights', arguments, 0);
    expectBetweenSteps('getWeights', this);
    return this.parameters().map(({ value }) => tensor(value.data, value.shape));
  }

  /**
   * Sets all weights, in getWeights' order; the numbers are copied.
   * @throws Error as getWeights does, RangeError where the number of tensors or a shape differs; nothing is set then.
   */
  override setWeights(weights: readonly Tensor[]): void {
    noMoreArguments('setWeights', arguments, 1, 'put the tensors into an array');
    expectBetweenSteps('setWeights', this);
    const parameters = this.parameters();
    const shapes = parameters.map(({ name, parameter: { shape } }) => ({ name, shape }));
    const tensors = expectWeights('one tensor per parameter', weights, shapes);
    for (const [i, { parameter, value }] of parameters.entries()) {
      if (value) value.data.set(tensors[i].data);
      else parameter.value = tensor(tensors[i].data, parameter.shape);
    }
    for (const layer of this.allLayers()) layer.weightsVersion++;
  }

  /** Counts the times that weights were set from outside, by this model or by another that shares a layer. */
  override get weightsVersion(): number {
    return this.allLayers().reduce((sum, layer) => sum + layer.weightsVersion, 0);
  }
}

function addCounts(a: ParameterCounts, b: ParameterCounts): ParameterCounts {
  return {
    total: a.total + b.total,
    trainable: a.trainable + b.trainable,
    nonTrainable: a.nonTrainable + b.nonTrainable,
  };
}
