/** What a program names so that its bundle holds it. */
import { describe } from '../checks/describe.ts';

/**
 * Keeps layers, losses, optimizers, metrics and schedules in a bundle of `degelo/core`: a module that is in the bundle
 * makes what it holds known by its name. What the program itself calls is there without this; what only a saved model, or a string such as
 * `loss: 'huber'`, names needs it.
 *
 *     import { Conv2D, decodeModel, Dense, Flatten, register } from 'degelo/core';
 *
 *     register(Conv2D, Dense, Flatten); // of the model in the file
 *     const model = await decodeModel(json, weights);
 *
 * @param things classes of layers, and the functions that make the others
 * @throws TypeError for anything else, such as a name.
 */
export function register(
  ...things: readonly (((...given: never[]) => unknown) | (abstract new (...given: never[]) => unknown))[]
): void {
  for (const thing of things) {
    if (typeof thing !== 'function') {
      throw new TypeError(
        `register: expected classes and functions of degelo/core, such as Dense or adam, got ${describe(thing)}`,
      );
    }
  }
}
