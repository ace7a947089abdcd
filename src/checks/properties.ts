/**
 * Properties that are set under another name than their own. JavaScript would add `model.stop_training = true` to the model, where
 * nobody reads it.
 */
import { describe } from './describe.ts';

/** What has a name for messages. */
interface Named {
  readonly name: string;
  readonly className?: string;
}

/**
 * Makes the instances of a class refuse these names where they are set; read, they are undefined as before.
 * @param names each with what is meant: `{ stop_training: 'stopTraining' }`
 */
export function refuseOtherNames(prototype: Named, names: Readonly<Record<string, string>>): void {
  for (const [wrong, right] of Object.entries(names)) {
    Object.defineProperty(prototype, wrong, {
      configurable: true,
      set(this: Named, value: unknown) {
        const who = this.name || this.className;
        throw new RangeError(
          `${who}: unknown property ${wrong}, set to ${describe(value)}: did you mean ${right}?`,
        );
      },
    });
  }
}
