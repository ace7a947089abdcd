/**
 * Things that are made again by their name, from the options that a saved model or a worker thread's description holds:
 * our own, and those that users register.
 */
import { describe } from '../checks/describe.ts';

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
  readonly #own: ReadonlyMap<string, Maker<T>>;
  readonly #users = new Map<string, Entry<T>>();

  /** @param kind what messages call such a thing */
  constructor(kind: string, own: Iterable<readonly [string, Maker<T>]>) {
    this.#kind = kind;
    this.#own = new Map(own);
  }

  /**
   * Makes a user's own thing known by its name. Registering a name again replaces what it meant.
   * @param module `import.meta.url` of the module that makes this call when it is imported
   * @throws RangeError for the name of one of ours, TypeError where an argument is of the wrong kind.
   */
  register(name: string, make: Maker<T>, module: string | null): void {
    const where = `register ${this.#kind}`;
    if (typeof name !== 'string' || name === '') {
      throw new TypeError(`${where}: name must be a string that isn't empty, got ${describe(name)}`);
    }
    if (typeof make !== 'function') {
      throw new TypeError(`${where}: ${name} must come with a function that makes it, got ${describe(make)}`);
    }
    if (isClass(make)) {
      throw new TypeError(
        `${where}: ${name} must come with a function that makes it, got the class ${make.name}: ` +
          `(options) => new ${make.name}(options)`,
      );
    }
    if (module !== null && !(typeof module === 'string' && URL.canParse(module))) {
      throw new TypeError(`${where}: module must be a URL, as import.meta.url is, got ${describe(module)}`);
    }
    if (this.#own.has(name)) {
      throw new RangeError(`${where}: the name must not be one of degelo's own, got ${name}`);
    }
    this.#users.set(name, { make, module });
  }

  /** What makes things of this name; null where there is none. */
  find(name: string): Maker<T> | null {
    return this.#own.get(name) ?? this.#users.get(name)?.make ?? null;
  }

  /** Whether it is one of ours. */
  isOwn(name: string): boolean {
    return this.#own.has(name);
  }

  /** URL of the module that registered the name; null for our own, and where none was given. */
  moduleOf(name: string): string | null {
    return this.#users.get(name)?.module ?? null;
  }

  /** All names, ours first. */
  get names(): string[] {
    return [...this.#own.keys(), ...this.#users.keys()];
  }
}

/** A class, which can't be called without `new`. */
function isClass(make: (...given: never[]) => unknown): boolean {
  return /^class\b/.test(Function.prototype.toString.call(make));
}
