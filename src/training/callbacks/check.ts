/** Callbacks as people hand them in: a method that nothing would ever call is refused, with the name of one that is. */
import { describe, isPromise, listed } from '../../checks/describe.ts';
import { parentOf, refuseName } from '../../checks/options.ts';
import { callable } from '../../checks/values.ts';
import { type Callback, HOOKS } from './callback.ts';

/** What a callback of one's own looks like. */
const EXAMPLE = '{ onEpochEnd: (epoch, logs) => … }';

/**
 * Checks a list of callbacks.
 * @param where the function that got it
 * @throws TypeError where it is no array of objects, or a method is none; RangeError for a method `on…` that isn't known, and
 *   where an object has methods, and none that is called.
 */
export function checkCallbacks(where: string, callbacks: unknown): readonly Callback[] {
  if (!Array.isArray(callbacks)) {
    throw new TypeError(`${where}: callbacks must be an array, got ${describe(callbacks)}: [${EXAMPLE}]`);
  }
  // A hole is a callback that isn't there, which forEach would pass by.
  for (const [i, callback] of callbacks.entries()) checkCallback(where, `callbacks[${i}]`, callback);
  return callbacks;
}

function checkCallback(where: string, what: string, callback: unknown): void {
  if (typeof callback !== 'object' || callback === null || Array.isArray(callback) || isPromise(callback)) {
    const name = typeof callback === 'function' ? callback.name : '';
    // One of ours without its brackets, or a class without new, or just what is to be done after an epoch.
    const right = /^[a-z]\w+(Stopping|Logger|Checkpoint|Plateau|Scheduler)$/.test(name)
      ? `${name}(…)`
      : EXAMPLE;
    throw new TypeError(
      `${where}: ${what} must be an object with methods, got ${describe(callback)}: ${right}`,
    );
  }
  const methods = membersOf(callback);
  for (const name of methods) {
    const isHook = HOOKS.some((hook) => hook === name);
    if (!isHook) {
      // `on` alone, `once` and the like are a class's own: an event emitter has them. Keras calls set_model and set_params, too.
      if (/^on[A-Z_]|^on(train|epoch|batch|test|predict|yield)|^set_?([Pp]arams|model)$/.test(name)) {
        refuseName(`${where}: ${what}`, name, HOOKS);
      }
      continue;
    }
    const value: unknown = Reflect.get(callback, name);
    if (value !== undefined) callable(where, `${what}.${name}`, value);
  }
  if (methods.size > 0 && !HOOKS.some((hook) => methods.has(hook))) {
    const got = listed([...methods]);
    throw new RangeError(`${where}: ${what} must have one of ${HOOKS.join(', ')}, got ${got}`);
  }
}

/** Names of an object's members, its classes' methods included. */
function membersOf(callback: object): Set<string> {
  const names = new Set<string>();
  for (let level: object | null = callback; level; level = parentOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) if (name !== 'constructor') names.add(name);
  }
  return names;
}
