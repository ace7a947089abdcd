/** Values that nobody means, each made afresh: what functions get in place of what they ask for. */
import { adam, dense, sequential, Tensor, tensor } from '../../src/index.ts';

/** The same with its memory given away. */
function moved<T extends { readonly buffer: ArrayBufferLike }>(view: T): T {
  structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
  return view;
}

/** A buffer that was twice as long when these were made of it. */
function shrunk<T>(make: (buffer: ArrayBuffer) => T): T {
  const buffer = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 16 }]) as ArrayBuffer;
  const made = make(buffer);
  Reflect.apply(Reflect.get(buffer, 'resize'), buffer, [8]);
  return made;
}

/** What a getter, a trap or a promise of somebody else throws: it goes on as it is, or stands in a line of ours. */
export const THEIRS = 'somebody else’s fault';
const fail = (): never => {
  throw new Error(THEIRS);
};

const net = () => sequential([dense({ units: 1, inputShape: [2] })]);

/** An array with a hole. */
const holes: unknown[] = [1, 2, 3];
delete holes[1];

// biome-ignore format: a table
const PLAIN: readonly unknown[] = [
  undefined, null, Number.NaN, -1, 0.5, Infinity, 2 ** 53, '0.01', '', true, false, 1n, Symbol('s'),
  () => 1, async () => 1, class C {}, new Proxy(fail, {}), new (class Foo { a = 1 })(), new Error('e'), /a/, new Date(0),
  [], holes, [[1], [1, 2]], ['a'], [null], [Symbol('s')], [{}], { length: 2, 0: 1, 1: 2 }, { length: 2 ** 40 },
  new DataView(new ArrayBuffer(8)), new ArrayBuffer(8), new SharedArrayBuffer(8), new BigInt64Array(2),
  Promise.resolve(1), { [Symbol.iterator]: 1 }, { [Symbol.iterator]: () => 1 }, new Map([[1, 2]]), new Set([1]),
  {}, Object.create(null), { toString: 1, valueOf: 1 }, Object.freeze({ a: 1 }), { colour: 1 }, new Proxy({}, {}),
  Object.defineProperty({}, 'a', { get: fail, enumerable: true }), new Proxy({}, { get: fail, has: fail, ownKeys: fail }),
  { forward: 1, className: 'Dense', name: 3 }, { layers: [], allLayers: () => [] }, dense({ units: 1 }), adam(),
  ...[net(), dense({ units: 1 }), adam(), new Uint8Array(4)].map((each) => new Proxy(each, {})),
];

/** Those that are used up, or of which something was taken away. */
const MADE: readonly (() => unknown)[] = [
  () =>
    (function* () {
      yield 1;
    })(),
  () => moved(new Uint8Array(8)).buffer,
  () => moved(new Float32Array(2)),
  () => {
    const t = tensor([1, 2]);
    moved(t.data);
    return t;
  },
  () => shrunk((buffer) => new Float32Array(buffer, 0, 4)),
  () => shrunk((buffer) => new Float32Array(buffer)),
  () => shrunk((buffer) => new Tensor(new Float32Array(buffer), [4])),
];

/**
 * What makes each of them. A Proxy that was revoked isn't among them: the engine names it as such wherever it is touched, and says no
 * more than we could.
 */
export const ODDITIES: readonly (() => unknown)[] = [...PLAIN.map((value) => () => value), ...MADE];

/** What engines say where something of ours took a value for what it isn't. */
const ENGINES_WORDS =
  /Cannot (?!be)|is not (iterable|a function|a constructor|defined|an object)|undefined \(reading|detached|incompatible receiver|revoked|private member|[Rr]eceiver must|Invalid (array|typed array|string|time)|call stack|invoked without 'new'|not a typed array|not an entry object|requires that|toString of/;

/** What is wrong with an outcome: null where a value was used, or refused in one line of ours. */
export function faultOf(error: unknown): string | null {
  if (!(error instanceof Error)) return `no Error: ${String(error)}`;
  if (error.message === THEIRS) return null;
  // What stands in brackets at the end is the reason of somebody else.
  const isOurs =
    /^[\w.[\]'/ ]+: /.test(error.message) && !ENGINES_WORDS.test(error.message.replace(/\(.*\)/, ''));
  return isOurs && !error.message.includes('\n') ? null : error.message;
}
