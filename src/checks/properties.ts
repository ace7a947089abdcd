/**
 * A property that is set on one of degelo's objects has an effect, or is refused by name. JavaScript itself would add
 * `model.stopTrainin = true` to the model, where nothing reads it, and would accept `layer.units = 5`, which changes no weights.
 *
 *   closeClass   instances of a class take only the properties that have a setter
 *   fixFields    the fields of an object can't be set: an accessor for each says what to do instead
 *   keepFields   the same without accessors, for objects whose fields are read in loops: there an accessor would cost time
 *
 * Classes that users derive from ours may have their own properties, but not under a name that is a common mistake for one of ours.
 */
import { brief, describe } from './describe.ts';
import { printing } from './printed.ts';
import { suggest } from './suggest.ts';

/** Names that people set by mistake, with the right way: `{ lr: 'optimizer.learningRate', layers: 'add and pop' }`. */
type Instead = Readonly<Record<string, string>>;

interface Rules {
  /** What messages call an instance that has no name. */
  readonly where: string;
  readonly instead: Instead;
  /** Like `instead`, but for objects of derived classes too. */
  readonly aliases: Instead;
  /** What messages advise for all other names. */
  readonly otherwise: string;
}

/** The rules of a class, by its prototype, or of one object. */
const RULES = new WeakMap<object, Rules>();

/** Finished objects. Before an object is finished its constructor may set new fields: bundlers turn class fields into assignments. */
const WHOLE = new WeakSet<object>();

/** The setters that refuse, to tell them from those that set something. */
const REFUSING = new WeakSet<object>();

/** The last prototype of our objects: JavaScript comes here to set a property that neither the object nor its classes have. */
const END = new Proxy<object>(printing(nameOf), {
  set(target, name, value, object) {
    if (typeof name === 'string') refuseUnknown(object, name, value);
    return Reflect.set(target, name, value, object);
  },
});

/** From now on instances of this class take only properties that have a setter; those of derived classes refuse only `aliases`. */
export function closeClass(
  prototype: object,
  where: string,
  instead: Instead = {},
  aliases: Instead = {},
): void {
  RULES.set(prototype, { where, instead, aliases, otherwise: 'it can only be read' });
  let level = prototype;
  while (level !== END) {
    for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (get && !set) Object.defineProperty(level, name, { set: refusing(name) });
    }
    const parent: object = Object.getPrototypeOf(level);
    if (parent === Object.prototype) Object.setPrototypeOf(level, END);
    level = Object.getPrototypeOf(level);
  }
}

/** The object is finished: from now on it takes no new property. */
export function whole<T extends object>(made: T): T {
  WHOLE.add(made);
  return made;
}

/**
 * The fields that the object has now refuse to be set. They stay enumerable, so that they are compared and copied as before.
 * @param maker the function that makes such objects, for the message
 */
export function fixFields<T>(made: T, maker?: string): T {
  if (typeof made !== 'object' || made === null) return made;
  const prototype: object = Object.getPrototypeOf(made);
  if (prototype === Object.prototype) return Object.freeze(made);
  if (maker && !RULES.has(prototype)) closeClass(prototype, maker);
  const otherwise = `make another with ${maker}({ … })`;
  if (maker) RULES.set(whole(made), { where: maker, instead: {}, aliases: {}, otherwise });
  for (const name of Object.keys(made)) {
    const field = Object.getOwnPropertyDescriptor(made, name);
    if (!field?.writable) continue; // it was fixed before, or kept
    const { place, accessors } = accessorsOf(name);
    Object.defineProperty(made, place, { value: field.value });
    Object.defineProperty(made, name, accessors);
  }
  return made;
}

/**
 * The same for objects that loops read, or that a console shows: their fields stay data properties, but read-only ones. Who sets one gets
 * the engine's own error.
 */
export function keepFields<T extends object>(made: T): T {
  for (const name of Object.keys(made)) Object.defineProperty(made, name, { writable: false });
  return whole(made);
}

/** A list or a table that can't be changed: an attempt is refused with what to do instead. */
export function unchangeable<T extends object>(object: T, where: string, instead: string): T {
  const refuse = (): never => {
    throw new TypeError(`${where} can't be changed: ${instead}`);
  };
  return new Proxy(Object.freeze(object), { set: refuse, defineProperty: refuse, deleteProperty: refuse });
}

interface Field {
  /** The key of its value. Not a private field, which a Proxy around the object couldn't read. */
  readonly place: symbol;
  readonly accessors: PropertyDescriptor;
}

/** Fields of one name share their accessors, so that objects of a class have the same hidden class in the engine. */
const FIELDS = new Map<string, Field>();

function accessorsOf(name: string): Field {
  const known = FIELDS.get(name);
  if (known) return known;
  const place = Symbol(name);
  const get = function (this: Record<symbol, unknown>) {
    return this[place];
  };
  const field = { place, accessors: { get, set: refusing(name), enumerable: true, configurable: true } };
  FIELDS.set(name, field);
  return field;
}

/** A setter that refuses. */
function refusing(name: string): (this: object, value: unknown) => void {
  const refuse = function (this: object): never {
    const instead = insteadOf(this, name, true);
    const right = instead ? `use ${instead}` : rulesOf(this)[0]?.otherwise;
    throw new TypeError(`${nameOf(this)}: ${name} can't be set: ${right}`);
  };
  REFUSING.add(refuse);
  return refuse;
}

/** @throws RangeError for a property that the object hasn't. In derived classes only `aliases` are refused. */
function refuseUnknown(object: object, name: string, value: unknown): void {
  if (Object.hasOwn(object, 'constructor')) return; // a prototype: its class gets a new method
  const ours = isOurs(object);
  if (ours && !WHOLE.has(object)) return;
  const meant = insteadOf(object, name, ours);
  if (!meant && !ours) return;
  const unknown = `${nameOf(object)}: unknown property ${brief(name)}, set to ${describe(value)}`;
  const { all, settable } = namesOf(object);
  const right = meant ?? suggest(name, settable) ?? suggest(name, all);
  if (right) throw new RangeError(`${unknown}: did you mean ${right}?`);
  const another = RULES.get(object)?.otherwise ?? 'it takes none';
  throw new RangeError(
    `${unknown}: ${settable.length > 0 ? `expected one of ${settable.join(', ')}` : another}`,
  );
}

/** Whether it is an instance of one of our classes itself, not of a derived class. */
export function isOurs(object: object): boolean {
  return RULES.has(Object.getPrototypeOf(object));
}

/** The rules of an object and of its classes, its own first. */
function rulesOf(object: object): Rules[] {
  const rules: Rules[] = [];
  for (let level: object | null = object; level; level = Object.getPrototypeOf(level)) {
    const own = RULES.get(level);
    if (own) rules.push(own);
  }
  return rules;
}

function insteadOf(object: object, name: string, ofOurs: boolean): string | null {
  const tables = rulesOf(object).flatMap(({ instead, aliases }) => (ofOurs ? [instead, aliases] : [aliases]));
  return tables.find((table) => Object.hasOwn(table, name))?.[name] ?? null;
}

/** Names of what can be read, and of what can be set. */
function namesOf(object: object): { all: string[]; settable: string[] } {
  const all = new Set<string>();
  const settable = new Set<string>();
  for (
    let level = object;
    level !== END && level !== Object.prototype;
    level = Object.getPrototypeOf(level)
  ) {
    for (const [name, { value, set }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value === 'function' || all.has(name)) continue;
      all.add(name);
      if (set && !REFUSING.has(set)) settable.add(name);
    }
  }
  return { all: [...all], settable: [...settable] };
}

function nameOf(object: object): string {
  const { name, className } = object as { readonly name?: unknown; readonly className?: unknown };
  return `${name || className || rulesOf(object)[0]?.where}`;
}
