import type { Model, Tensor } from '../../src/index.ts';

/** What the model predicts on this thread alone: for many models one after the other, each for a few samples. */
export async function predictHere(model: Model, x: Tensor): Promise<Tensor['data']> {
  if (!model.compiled) model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
  return (await model.predict(x)).data;
}
