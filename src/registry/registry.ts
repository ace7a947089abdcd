/**
 * Things that are made again by their name, from the options that a saved model or a worker thread's description holds:
 * our own, and those that users register.
 *
 * A registry knows the names of all of ours, and imports none of them: the module of each calls `own`. So a bundle holds those that
 * something imports. The entry point `degelo` imports all (everything.ts), `degelo/core` none.
 */
import { leftOut } from '../checks/bundle.ts';
import { brief, describe, isClass, listed } from '../checks/describe.ts';
import { shown } from '../checks/shown.ts';
import { gotInstead } from '../checks/suggest.ts';
import { nameText } from '../checks/values.ts';

/**
 * Makes a thing from its options. They may come from files, so it validates them itself. (Declared as a method, for
 * which TypeScript lets each maker name the options that it knows.)
 */
export type Maker<T> = { make(options: object): T }['make'];

interface Entry<T> {
  readonly make: Maker<T>;
  /** URL of the module that registered it, which worker threads import; null: it can't leave this thread. */
  readonly module: string | null;
}

export class Registry<T> {
  readonly #kind: string;
  readonly #names: readonly string[];
  readonly #own = new Map<string, Maker<T>>();
  readonly #users = new Map<string, Entry<T>>();

  /**
   * @param kind what messages call such a thing
   * @param names of all that are ours, each as `degelo/core` exports it
   */
  constructor(kind: string, names: readonly string[]) {
    this.#kind = kind;
    this.#names = names;
  }

  /** One of ours is here: its own module says so. */
  own(name: string, make: Maker<T>): void {
    if (!this.isOwn(name)) throw new RangeError(`${this.#kind} ${name} isn't among the registry's names`);
    this.#own.set(name, make);
  }

  /**
   * Makes a user's own thing known by its name. Registering a name again replaces what it meant.
   * @param module `import.meta.url` of the module that makes this call when it is imported
   * @throws RangeError for the name of one of ours, TypeError where an argument is of the wrong kind.
   */
  register(name: string, make: Maker<T>, module: string | null): void {
    const where = `register ${this.#kind}`;
    nameText(where, 'name', name);
    const called = brief(shown(name));
    if (typeof make !== 'function' || isClass(make)) {
      const right = typeof make === 'function' ? `: (options) => new ${make.name}(options)` : '';
      throw new TypeError(
        `${where}: ${called} must come with a function that makes it, got ${describe(make)}${right}`,
      );
    }
    if (module !== null && !(typeof module === 'string' && URL.canParse(module))) {
      throw new TypeError(`${where}: module must be a URL, as import.meta.url is, got ${describe(module)}`);
    }
    if (this.isOwn(name)) {
      throw new RangeError(`${where}: the name must not be one of degelo's own, got ${name}`);
    }
    this.#users.set(name, { make, module });
  }

  /** What makes things of this name; null where there is none. @throws RangeError for one of ours that the bundle left out. */
  find(name: string): Maker<T> | null {
    const make = this.#own.get(name) ?? this.#users.get(name)?.make ?? null;
    if (make || !this.isOwn(name)) return make;
    throw leftOut(`${this.#kind} ${name}`, name);
  }

  /** What to throw for a name that is none of these: with what was meant, or what to use instead. @param which begins the message */
  unknown(which: string, name: unknown): RangeError {
    const { names } = this;
    return new RangeError(`${which} must be one of ${listed(names)}, ${gotInstead(this.#kind, name, names)}`);
  }

  /** Whether it is one of ours, here or left out. */
  isOwn(name: string): boolean {
    return this.#names.includes(name);
  }

  /** URL of the module that registered the name; null for our own, and where none was given. */
  moduleOf(name: string): string | null {
    return this.#users.get(name)?.module ?? null;
  }

  /** All names, ours first. */
  get names(): string[] {
    return [...this.#names, ...this.#users.keys()];
  }
}

/**
 * Whether what a name and its options make is such a thing: one of the same class, with the same methods. A subclass of ours under our
 * name is none, nor a layer whose `forward` was replaced: read from a file, or made in another thread, it would silently be the plain one.
 * @param make makes it again, as a file or a thread would
 */
export function isMadeAgain(thing: object, make: () => object): boolean {
  try {
    const again = make();
    return (
      again.constructor === thing.constructor && ownMethods(thing).every((name) => Object.hasOwn(again, name))
    );
  } catch {
    return false;
  }
}

/** Names of methods that are in the object itself, not in its class. */
function ownMethods(thing: object): string[] {
  return Object.keys(thing).filter((name) => typeof Reflect.get(thing, name) === 'function');
}
