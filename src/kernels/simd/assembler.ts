/**
 * A small assembler for WebAssembly: kernels are written in TypeScript as they would be in pseudo-code.
 *
 *   assemble({ shared: false }, (module) => {
 *     module.func('scale', { x: 'i32', end: 'i32', factor: 'f32' }, (f, { x, end, factor }) => {
 *       const scale = f.local('v128', f32x4.splat(factor));
 *       f.doWhile(() => {
 *         f.store(x, 0, f32x4.mul(v128.load(x), scale));
 *         x.advance(16);
 *         return i32.ltU(x, end);
 *       });
 *     });
 *   });
 *
 * Expressions (instructions.ts) nest as in any language and check their types when they are put together;
 * statements go through the function's builder `f`, which keeps the blocks nested. So the stack is never handled
 * by hand, and nothing is left on it.
 *
 * Why our own: the kernels are specialised for a layer's geometry while the program runs, synchronously, also in
 * a browser. binaryen is over ten megabytes, wabt takes text, wasmati (one megabyte) instantiates asynchronously
 * and keeps the stack and the function in hand in global state. What is needed here fits three short files.
 */
import { name, section, unsigned, vector } from './encoding.ts';
import {
  memoryImmediate,
  type Operand,
  type Pointer,
  toValue,
  type Value,
  type ValueType,
} from './instructions.ts';

const TYPE_CODES = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
const NO_RESULT = 0x40;

/** Store opcodes, by the type of what is stored. */
const STORES: { readonly [T in ValueType]: { readonly opcode: readonly number[]; readonly bytes: number } } =
  {
    i32: { opcode: [0x36], bytes: 4 },
    f32: { opcode: [0x38], bytes: 4 },
    f64: { opcode: [0x39], bytes: 8 },
    v128: { opcode: [0xfd, 0x0b], bytes: 16 },
  };

/** A variable of a function. Reading it is using it as a value. */
export class Local<T extends ValueType = ValueType> implements Value<T> {
  readonly type: T;
  readonly code: readonly number[];
  readonly #index: readonly number[];
  readonly #emit: (code: readonly number[]) => void;

  constructor(type: T, index: number, emit: (code: readonly number[]) => void) {
    this.type = type;
    this.#index = unsigned(index);
    this.#emit = emit;
    this.code = [0x20, ...this.#index];
  }

  /** this = value */
  set(value: Operand<T>): void {
    this.#emit([...toValue(this.type, value, 'local.set').code, 0x21, ...this.#index]);
  }

  /** this = value, as an expression. */
  tee(value: Operand<T>): Value<T> {
    return { type: this.type, code: [...toValue(this.type, value, 'local.tee').code, 0x22, ...this.#index] };
  }

  /** this += amount, for pointers and counters. */
  advance(this: Local<'i32'>, amount: Operand<'i32'>): void {
    this.#emit([...this.code, ...toValue('i32', amount, 'advance').code, 0x6a, 0x21, ...this.#index]);
  }
}

/** Where a branch goes: the end of a block, or the start of a loop. */
export interface Label {
  readonly depth: number;
}

/** Collects one function's statements. */
export class FunctionBuilder {
  readonly #name: string;
  readonly #types: ValueType[] = [];
  readonly #parameters: number;
  readonly #code: number[] = [];
  readonly #open: Label[] = [];
  readonly #emit = (code: readonly number[]): void => {
    for (const byte of code) this.#code.push(byte);
  };

  constructor(functionName: string, parameters: readonly ValueType[]) {
    this.#name = functionName;
    this.#parameters = parameters.length;
    this.#types.push(...parameters);
  }

  /** The parameter at `index`, as a variable. */
  parameter<T extends ValueType>(type: T, index: number): Local<T> {
    return new Local(type, index, this.#emit);
  }

  /** A new variable, set to `initial` here if given (else zero when the function starts). */
  local<T extends ValueType>(type: T, initial?: Operand<T>): Local<T> {
    const local = new Local(type, this.#types.push(type) - 1, this.#emit);
    if (initial !== undefined) local.set(initial);
    return local;
  }

  /** Several new variables of a type. */
  locals<T extends ValueType>(type: T, count: number): Local<T>[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  /** memory[pointer + offset] = value */
  store(pointer: Pointer, offset: number, value: Value): void {
    const { opcode, bytes } = STORES[value.type];
    this.#emit([
      ...toValue('i32', pointer, 'store').code,
      ...value.code,
      ...opcode,
      ...memoryImmediate(offset, bytes, 'store'),
    ]);
  }

  /** Stores the low byte of `value`. */
  store8(pointer: Pointer, offset: number, value: Operand<'i32'>): void {
    this.#emit([
      ...toValue('i32', pointer, 'store8').code,
      ...toValue('i32', value, 'store8').code,
      0x3a,
      ...memoryImmediate(offset, 1, 'store8'),
    ]);
  }

  /** Stores the first 4 or 8 bytes of `value`. */
  storeLow(bytes: 4 | 8, pointer: Pointer, offset: number, value: Value<'v128'>): void {
    this.#emit([
      ...toValue('i32', pointer, 'storeLow').code,
      ...toValue('v128', value, 'storeLow').code,
      ...[0xfd, bytes === 4 ? 0x5a : 0x5b],
      ...memoryImmediate(offset, bytes, 'storeLow'),
      0,
    ]);
  }

  /** { … }, left through its label. */
  block(body: (exit: Label) => void): void {
    this.#nested([0x02, NO_RESULT], body);
  }

  /** A loop that repeats where its label is branched to, and ends otherwise. */
  loop(body: (again: Label) => void): void {
    this.#nested([0x03, NO_RESULT], body);
  }

  if(condition: Value<'i32'>, then: () => void, otherwise?: () => void): void {
    this.#emit(toValue('i32', condition, 'if').code);
    this.#nested([0x04, NO_RESULT], () => {
      then();
      if (otherwise) {
        this.#code.push(0x05);
        otherwise();
      }
    });
  }

  branch(label: Label): void {
    this.#emit([0x0c, ...unsigned(this.#distance(label))]);
  }

  branchIf(label: Label, condition: Value<'i32'>): void {
    const distance = this.#distance(label);
    this.#emit([...toValue('i32', condition, 'branchIf').code, 0x0d, ...unsigned(distance)]);
  }

  /** do { body } while (what body returns) */
  doWhile(body: () => Value<'i32'>): void {
    this.loop((again) => this.branchIf(again, body()));
  }

  /** while (condition) { body } */
  while(condition: Value<'i32'>, body: () => void): void {
    this.if(condition, () =>
      this.doWhile(() => {
        body();
        return condition;
      }),
    );
  }

  /** for (i = from; i < to; i += step) { body }, unsigned. The bound is computed again every turn. */
  for(
    i: Local<'i32'>,
    from: Operand<'i32'>,
    to: Operand<'i32'>,
    step: Operand<'i32'>,
    body: () => void,
  ): void {
    i.set(from);
    this.while(
      toValue('i32', { type: 'i32', code: [...i.code, ...toValue('i32', to, 'for').code, 0x49] }, 'for'),
      () => {
        body();
        i.advance(step);
      },
    );
  }

  return(): void {
    this.#code.push(0x0f);
  }

  /** The function's body as the code section holds it: declared locals, statements, end. */
  finish(): number[] {
    if (this.#open.length > 0) throw new Error(`${this.#name}: a block is still open`);
    const declarations: number[][] = [];
    const declared = this.#types.slice(this.#parameters);
    for (let from = 0, to = 0; from < declared.length; from = to) {
      while (to < declared.length && declared[to] === declared[from]) to++;
      declarations.push([...unsigned(to - from), TYPE_CODES[declared[from]]]);
    }
    const body = [...vector(declarations), ...this.#code, 0x0b];
    return [...unsigned(body.length), ...body];
  }

  #nested(opening: readonly number[], body: (label: Label) => void): void {
    const label = { depth: this.#open.length };
    this.#open.push(label);
    this.#emit(opening);
    body(label);
    this.#open.pop();
    this.#code.push(0x0b);
  }

  /** How many blocks lie between here and the label's. */
  #distance(label: Label): number {
    if (this.#open[label.depth] !== label) {
      throw new Error(`${this.#name}: branch: its block is closed`);
    }
    return this.#open.length - 1 - label.depth;
  }
}

/** Parameters by name; their order is that of the WebAssembly signature. */
export type Signature = Readonly<Record<string, ValueType>>;
export type Parameters<S extends Signature> = { readonly [P in keyof S]: Local<S[P]> };

/** Collects a module's functions, all exported; one memory is imported as env.memory. */
export class ModuleBuilder {
  readonly #types: number[][] = [];
  readonly #exports: number[][] = [];
  readonly #bodies: number[][] = [];
  readonly #names = new Set<string>();

  /**
   * Adds a function without a result: kernels write to memory.
   * @throws TypeError where the name is taken.
   */
  func<const S extends Signature>(
    functionName: string,
    signature: S,
    build: (f: FunctionBuilder, parameters: Parameters<S>) => void,
  ): void {
    if (this.#names.has(functionName)) {
      throw new TypeError(`func: names must be unique in a module, got ${functionName} twice`);
    }
    this.#names.add(functionName);
    const types = Object.values(signature);
    const f = new FunctionBuilder(functionName, types);
    // Object.entries forgets which name has which type; the loop gives each its own.
    const parameters = Object.fromEntries(
      Object.entries(signature).map(([key, type], i) => [key, f.parameter(type, i)]),
    ) as unknown as Parameters<S>;
    build(f, parameters);
    const index = this.#bodies.push(f.finish()) - 1;
    this.#types.push([0x60, ...vector(types.map((type) => [TYPE_CODES[type]])), 0]);
    this.#exports.push([...name(functionName), 0x00, ...unsigned(index)]);
  }

  /** The module's bytes. */
  finish(memory: { shared: boolean }): Uint8Array<ArrayBuffer> {
    // A shared memory must state a maximum: 65536 pages of 64 KiB, all that 32 bits can address.
    const limits = memory.shared ? [0x03, 0, ...unsigned(65536)] : [0x00, 0];
    return new Uint8Array([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
      ...section(1, vector(this.#types)),
      ...section(2, vector([[...name('env'), ...name('memory'), 0x02, ...limits]])),
      ...section(3, vector(this.#bodies.map((_, i) => unsigned(i)))),
      ...section(7, vector(this.#exports)),
      ...section(10, vector(this.#bodies)),
    ]);
  }
}

/** Assembles a module: `build` adds its functions. */
export function assemble(
  memory: { shared: boolean },
  build: (module: ModuleBuilder) => void,
): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  build(module);
  return module.finish(memory);
}
