/**
 * What a reader of files from strangers may do, and the check that it does nothing else: give a value, or fail
 * with an error of a class that it documents; in one line; with memory in proportion to the input; and with the
 * world around it as it was.
 */
import { getHeapStatistics } from 'node:v8';
import type fc from 'fast-check';

/** What a reader takes together: one file mostly, two for a model, arguments for the command line. */
export type Input = readonly Uint8Array[];

export interface Reader<T = unknown> {
  readonly name: string;
  /** Inputs that begin as whole ones, and are wrong in some way more often than not. */
  readonly inputs: fc.Arbitrary<Input>;
  read(...files: Uint8Array[]): T | Promise<T>;
  /** The classes of error that it documents. */
  readonly errors: readonly (new (
    ...args: never[]
  ) => Error)[];
  /** The most bytes of memory that it may take for an input of so many bytes. */
  memory(inputBytes: number): number;
  /**
   * The most bytes that the files can say they decode to, where that isn't their own size: what is packed may become more,
   * and what is more than the reader's limit is refused.
   */
  says?(...files: Uint8Array[]): number;
  /** Whole files and broken ones at the reader's limits, just below and just above. They may take a second each. */
  edges?(): Iterable<Input>;
  /** Throws where a value that it gave isn't as promised. */
  check?(value: T): void | Promise<void>;
}

/** A reader as the list of readers holds it: what its values are is between `read` and `check`. */
export function reader<T>(reader: Reader<T>): Reader {
  return { ...reader, check: (value) => reader.check?.(value as T) }; // `value` comes from its own `read`
}

/** What an input led to, where nothing is wrong with that. */
export interface Outcome {
  /** `value`, or the error's name. */
  readonly kind: string;
  /** The error's message without what differs from input to input; '' for a value. */
  readonly rule: string;
}

/** Something is wrong with a reader. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
}

/** A reader took more memory than it may; or the engine did, for something of its own, which a second look tells apart. */
export class MemoryFailure extends FuzzFailure {}

/** Bytes that any input may take, beside four times what it says that it decodes to. */
const ROOM = 50_000_000;
const COPIES = 4;

/** The most memory that a reader may take for an input, at any time. */
export function mostMemory(reader: Reader, input: Input): number {
  const size = bytesOf(input);
  return Math.min(reader.memory(size), ROOM + COPIES * (reader.says?.(...input) ?? size));
}

function bytesOf(input: Input): number {
  return input.reduce((sum, file) => sum + file.length, 0);
}

/** Longest message that a reader may write: a screen full, for a path and a rule. */
const LONGEST_MESSAGE = 2500;

/** @throws FuzzFailure where the reader did what it may not. */
export async function examine(reader: Reader, input: Input): Promise<Outcome> {
  const before = memoryInUse();
  let outcome: Outcome;
  let value: unknown = null;
  try {
    value = await reader.read(...input);
    outcome = { kind: 'value', rule: '' };
  } catch (error) {
    outcome = acceptable(reader, error);
  }
  // What was taken is still counted here: garbage is collected later, except for what had to go to make room.
  const taken = memoryInUse() - before;
  const most = mostMemory(reader, input);
  if (taken > most) {
    throw new MemoryFailure(
      `memory in proportion: expected at most ${most} bytes for an input of ${bytesOf(input)}, got ${taken}`,
    );
  }
  if (outcome.kind === 'value') await reader.check?.(value);
  expectUntouchedPrototypes();
  return outcome;
}

function acceptable({ errors }: Reader, error: unknown): Outcome {
  if (!(error instanceof Error) || !errors.some((known) => error instanceof known)) {
    const names = errors.map(({ name }) => name).join(' or ');
    throw new FuzzFailure(`documented errors alone: expected ${names}, got ${error}`, { cause: error });
  }
  const { message, name } = error;
  if (message === '' || message.length > LONGEST_MESSAGE || /\p{Cc}/u.test(message)) {
    const got = JSON.stringify(message.slice(0, 200));
    throw new FuzzFailure(
      `messages are one line of at most ${LONGEST_MESSAGE} characters: got ${message.length}: ${got}`,
    );
  }
  return { kind: name, rule: ruleOf(message) };
}

/** A message without its quotations, numbers and names. */
function ruleOf(message: string): string {
  return message
    .replace(/, got .*$/, '')
    .replace(/(["'`]).*?\1/g, '…')
    .replace(/\[[^\]]*\]|\d+/g, '#')
    .slice(0, 100);
}

/** Bytes on the heap and in array buffers. */
function memoryInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

const PROTOTYPES = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const namesOf = (prototype: object): number => Reflect.ownKeys(prototype).length;
const NAMES = PROTOTYPES.map(namesOf);

/** `__proto__` in a file must not reach the objects that all others inherit from. */
function expectUntouchedPrototypes(): void {
  for (const [i, prototype] of PROTOTYPES.entries()) {
    if (namesOf(prototype) !== NAMES[i]) {
      throw new FuzzFailure(`prototypes stay as they are: got ${Reflect.ownKeys(prototype).map(String)}`);
    }
  }
}
