/** A compiled tinyModel on this thread. */
import * as degelo from '../../src/index.ts';
import { tinyModel } from './tiny.ts';

export const compileOptions = {
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  threads: 0,
} as const;

export function compiled(model = tinyModel(degelo)): degelo.Sequential {
  model.compile({ ...compileOptions, optimizer: degelo.adadelta({ learningRate: 1 }) });
  return model;
}

/** All layers before the classifier. */
export function freezeFeatures(model: degelo.Sequential): void {
  for (const layer of model.layers.slice(0, 7)) layer.trainable = false;
}
