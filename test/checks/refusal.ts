/** A small model that is given odd values, and what it answers. */
import { dense, sequential, tensor } from '../../src/index.ts';

/** A value where TypeScript would not take it. */
export const odd = (value: unknown) => value as never;

export const net = () => sequential([dense({ units: 2, inputShape: [2] })]);

export function compiled(options: object = {}) {
  const model = net();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0, ...options });
  return model;
}

/** A sample for it, which is its target too. */
export const x = tensor([[1, 2]]);

/** What a call throws, at once or later; null where it works. */
export async function refusal(call: () => unknown): Promise<Error | null> {
  try {
    await call();
    return null;
  } catch (error) {
    return error as Error;
  }
}
