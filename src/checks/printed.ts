/** Objects as text that people can read: `String(layer)`, `console.log(model)` in Node, `JSON.stringify(optimizer)`. */
import { describe, OWN } from './describe.ts';
import { shown } from './shown.ts';

/** What may be known of an object. */
interface Printable {
  readonly className?: string;
  getConfig?(): Readonly<Record<string, unknown>>;
}

/** Where Node looks for an object's own text. In browsers nobody asks for it. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** What all our classes have beside their own members. @param nameOf gives what messages call an object */
export function printing(nameOf: (object: object) => string): object {
  return {
    toString(this: Printable): string {
      const { name: _, trainable, ...others } = this.getConfig?.() ?? {};
      const options = { ...others, ...(trainable === false && { trainable }) };
      const name = nameOf(this);
      const { className = name } = this;
      const title = className === name ? name : `${className} ${describe(name)}`;
      return shown(Object.keys(options).length > 0 ? `${title} ${inBraces(options)}` : title);
    },

    /** The options that make such an object again; the fields of what has none. */
    toJSON(this: Printable): unknown {
      const { className } = this;
      const config = this.getConfig?.() ?? { ...this };
      return className ? { className, config } : config;
    },

    [INSPECT](): string {
      try {
        return String(this);
      } catch {
        return 'degelo'; // a prototype, a Proxy
      }
    },

    /** By this, libraries that put Proxies around plain objects, as Vue does, see that it is none. */
    [Symbol.toStringTag]: 'degelo',
    [OWN]: true,
  };
}

/** { units: 2, kernelRegularizer: { l2: 0.01 } } */
function inBraces(object: object): string {
  const text = (value: unknown): string => {
    const isPlain = typeof value === 'object' && value?.constructor === Object;
    return isPlain ? inBraces(value) : describe(value);
  };
  return `{ ${Object.entries(object)
    .map(([name, value]) => `${name}: ${text(value)}`)
    .join(', ')} }`;
}
