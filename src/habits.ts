/**
 * What people call by habit on tensors, models and optimizers: each of these methods of TensorFlow.js, Keras or PyTorch says what does it
 * here. Like everything.ts, bundles of `degelo/core` leave it out.
 */
import {
  METHODS_OF_MODELS,
  METHODS_OF_OPTIMIZERS,
  METHODS_OF_TENSORS,
  refuseMethods,
} from './checks/methods.ts';
import { BaseOptimizer } from './optimizers/base.ts';
import { Tensor } from './tensor/tensor.ts';
import { Model } from './training/model.ts';

refuseMethods(Tensor.prototype, 'tensor', METHODS_OF_TENSORS);
refuseMethods(Model.prototype, 'model', METHODS_OF_MODELS);
refuseMethods(BaseOptimizer.prototype, 'optimizer', METHODS_OF_OPTIMIZERS);
