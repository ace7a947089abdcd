/** What came, in a word or two, for messages: `'0.01'`, `null`, `the function adam`, `a tensor of shape [2, 3]`. */
import { arrayKind } from './realms.ts';
import { shown } from './shown.ts';

/** The longest text that is quoted whole. */
const LONGEST = 60;

/** Names a value as the person who handed it in would, on one line. Strings are quoted: '3' isn't 3. */
export function describe(value: unknown): string {
  try {
    return shown(inWords(value)) + (isOfAnotherCopy(value) ? ANOTHER_COPY : '');
  } catch {
    // A Proxy that was revoked, a getter that throws; or a Proxy, which hasn't our objects' private parts.
    return isWrapped(value) ? WRAPPED : "something that can't be looked at";
  }
}

/** What came, and what to do, where a library has put a Proxy around an object to see its changes: classes have private parts, which no Proxy has. */
export const WRAPPED =
  'a Proxy, or an object made of it: keep it out of reactive state (Vue: markRaw, toRaw)';

/** What all objects of this copy of degelo have, and none of another. */
export const OWN = Symbol();

const ANOTHER_COPY = ', of another copy of degelo: let both import the same one';

function isOfAnotherCopy(value: unknown): boolean {
  return (isLayerLike(value) || isWrapped(value)) && !(OWN in (value as object));
}

/** How a function, or a class, that came in place of what it makes is called. */
export function howToCall(value: unknown): string {
  if (typeof value !== 'function' || !value.name) return '';
  return isClass(value) ? `: make one: new ${value.name}(…)` : `: call it: ${value.name}()`;
}

/** Whether it has the classes of one of our objects, as a Proxy around it has, and what is made by Object.create. */
function isWrapped(value: unknown): boolean {
  try {
    return Object.prototype.toString.call(value) === '[object degelo]';
  } catch {
    return false;
  }
}

/** What has the names of a layer. */
interface LayerLike {
  readonly name: string;
  readonly className: string;
}

/** What messages call a layer: its name, or its class's while it has none. */
export function calledName({ name, className }: LayerLike): string {
  return name || className;
}

/** Whether it is a class, which can't be called without `new`. */
export function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return `'${brief(value)}'`;
  if (typeof value === 'bigint') return `${brief(`${value}`)}n`;
  if (typeof value === 'function') {
    const kind = isClass(value) ? 'class' : 'function';
    return value.name ? `the ${kind} ${brief(value.name)}` : `a ${kind}`;
  }
  if (typeof value !== 'object' || value === null) return brief(String(value));
  if (Array.isArray(value)) return describeArray(value);
  return kindOf(value) ?? describeObject(value);
}

/** Things that are often handed in by mistake; null where the object is none of them. */
function kindOf(value: object): string | null {
  if (arrayKind(value)) return `${article(classOf(value))} of ${Reflect.get(value, 'length')} numbers`;
  if ('byteLength' in value) return `${article(classOf(value))} of ${value.byteLength} bytes`;
  if (isPromise(value)) return 'a promise (is an await missing?)';
  if (isTensorLike(value))
    return `${'stride' in value ? 'an ndarray' : 'a tensor'} of shape [${value.shape.join(', ')}]`;
  if (isLayerLike(value)) return `the layer ${brief(calledName(value))}`;
  if ('next' in value && typeof value.next === 'function') return 'a generator';
  if (value instanceof Date) return 'a date';
  return null;
}

function describeArray(values: readonly unknown[]): string {
  const isShort = values.length <= 6 && values.every((value) => typeof value !== 'object' || value === null);
  if (!isShort) return `an array of ${values.length}`;
  return `[${Array.from(values, describe).join(', ')}]`;
}

function describeObject(value: object): string {
  const name = classOf(value);
  if (name !== 'Object') return article(name);
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an object without properties';
  const more = keys.length > 4 ? ', …' : '';
  return `an object { ${keys.slice(0, 4).map(brief).join(', ')}${more} }`;
}

/** A tensor, of whatever copy of degelo or other library. */
export function isTensorLike(value: unknown): value is { readonly shape: readonly number[] } {
  if (typeof value !== 'object' || value === null || !('shape' in value)) return false;
  // A plain object with a shape is an input's options.
  return Array.isArray(value.shape) && Object.getPrototypeOf(value) !== Object.prototype;
}

/** A layer, of whatever copy of degelo. */
export function isLayerLike(value: unknown): value is LayerLike {
  try {
    return (
      typeof value === 'object' &&
      value !== null &&
      'forward' in value &&
      'className' in value &&
      typeof value.className === 'string'
    );
  } catch {
    return false; // a Proxy
  }
}

/** Something that will be there later. */
export function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Name of the class that made an object; Object for those of no class. */
function classOf(value: object): string {
  const made: unknown = value.constructor;
  return typeof made === 'function' && made.name ? brief(made.name) : 'Object';
}

function article(name: string): string {
  return /^[AEIOU]/.test(name) && !/^U(?!n)/.test(name) ? `an ${name}` : `a ${name}`;
}

/** A name, or other text of a user's or of a file's, as messages quote it: of a very long one the beginning. */
export function brief(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

/** The most characters of a list in a message. */
const LONGEST_LIST = 240;

/** Names, one after the other; of many as many as one line has room for. */
export function listed(names: readonly string[]): string {
  let line = '';
  for (const [i, name] of names.map(brief).entries()) {
    const next = i === 0 ? name : `${line}, ${name}`;
    if (next.length > LONGEST_LIST) return `${line} and ${names.length - i} more`;
    line = next;
  }
  return line;
}
