/**
 * Properties that are set under another name than their own. JavaScript would add `model.stop_training = true` to the model, where
 * nobody reads it.
 */
import { describe } from './describe.ts';
import { UNWRAPPED } from './handed-in.ts';

/** Functions made by `async` give what they throw in a promise. */
const ASYNC = Object.getPrototypeOf(async () => {}).constructor;

/**
 * Makes the methods and computed properties of a class say what a Proxy around one of its objects is: within them `this` would be the
 * Proxy, which has none of the class's private parts.
 * @param what one of its objects is, in a word
 * @param isOwn whether an object has them
 * @param names those methods and properties. Default: all
 */
export function refuseProxies(
  prototype: object,
  what: string,
  isOwn: (object: object) => boolean,
  names?: readonly string[],
): void {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === 'constructor' || names?.includes(name) === false) continue;
    const guarded = (inner: (...given: unknown[]) => unknown) => {
      const outer = function (this: object, ...given: unknown[]): unknown {
        if (isOwn(this)) return inner.apply(this, given);
        const fault = new TypeError(
          `${name}: this must be the ${what} itself, got a Proxy, or an object made of it${UNWRAPPED}`,
        );
        if (inner instanceof ASYNC) return Promise.reject(fault);
        throw fault;
      };
      for (const own of ['name', 'length']) {
        Object.defineProperty(outer, own, { value: Reflect.get(inner, own), configurable: true });
      }
      return outer;
    };
    const { get, set, value } = property;
    if (get) property.get = guarded(get);
    if (set) property.set = guarded(set);
    if (typeof value === 'function') property.value = guarded(value);
    Object.defineProperty(prototype, name, property);
  }
}

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
