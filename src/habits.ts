/**
 * What people call by habit on tensors, models, layers and optimizers: each of these methods of TensorFlow.js, Keras or PyTorch says what does
 * it here, and so do ours with Python's letters. So do a layer's passes, which only a model calls. Like everything.ts, bundles of `degelo/core` leave it out.
 */
import {
  guardPasses,
  inPython,
  METHODS_OF_LAYERS,
  METHODS_OF_MODELS,
  METHODS_OF_OPTIMIZERS,
  METHODS_OF_TENSORS,
  refuseMethods,
} from './checks/methods.ts';
import * as layers from './layers/index.ts';
import { Layer } from './layers/layer.ts';
import { BaseOptimizer } from './optimizers/base.ts';
import { Tensor } from './tensor/tensor.ts';
import { Model } from './training/model.ts';

refuseMethods(Tensor.prototype, 'tensor', { ...inPython(Tensor.prototype), ...METHODS_OF_TENSORS });
refuseMethods(Model.prototype, 'model', { ...inPython(Model.prototype), ...METHODS_OF_MODELS });
refuseMethods(BaseOptimizer.prototype, 'optimizer', {
  ...inPython(BaseOptimizer.prototype),
  ...METHODS_OF_OPTIMIZERS,
});
refuseMethods(Layer.prototype, 'layer', { ...inPython(Layer.prototype), ...METHODS_OF_LAYERS }, true);

// A class's own, and those of the classes between it and Layer.
const guarded = new Set<object>();
for (const each of Object.values(layers)) {
  let prototype: object = Object(each).prototype ?? Object.prototype;
  while (prototype instanceof Layer && !guarded.has(prototype)) {
    guardPasses(prototype);
    guarded.add(prototype);
    prototype = Object.getPrototypeOf(prototype);
  }
}
