/** The callback behind `verbose`: a line per epoch, and on a terminal one that moves. */
import type { BatchInfo, Callback, Figures, ProgressInfo } from './callback.ts';

/**
 * As Keras': 0 prints nothing; 1 a line that moves while an epoch is under way, where there is a terminal, and otherwise as 2; 2 one
 * line per epoch; `auto` is 1.
 */
export type Verbose = 0 | 1 | 2 | 'auto' | boolean;

/** Where lines go. */
export interface Sink {
  /** A line that stays. */
  line(text: string): void;
  /** A line that the next one replaces; null: there is no terminal. */
  readonly moving: ((text: string) => void) | null;
}

/** What a terminal, or whatever else stderr is, can do. */
interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Node's stderr, which leaves stdout to results; elsewhere the console. */
export function progressSink(stderr: Terminal | undefined = globalThis.process?.stderr): Sink {
  if (typeof stderr?.write !== 'function') return { line: (text) => console.log(text), moving: null };
  const erase = stderr.isTTY ? '\r\x1b[K' : '';
  return {
    line: (text) => void stderr.write(`${erase}${text}\n`),
    moving: stderr.isTTY
      ? (text) => void stderr.write(erase + text.slice(0, (stderr.columns || 80) - 1))
      : null,
  };
}

/** @param epochs how many there are, for `Epoch 2/5`; null: what runs is an evaluation or prediction */
export class ProgressLine implements Callback {
  readonly #epochs: number | null;
  readonly #sink: Sink;
  readonly #moving: Sink['moving'];
  #title = '';
  #begin = performance.now();

  constructor(verbose: Verbose, epochs: number | null, sink: Sink = progressSink()) {
    this.#epochs = epochs;
    this.#sink = sink;
    this.#moving = verbose === 2 ? null : sink.moving;
  }

  onEpochBegin(epoch: number): void {
    this.#title = `Epoch ${epoch + 1}/${this.#epochs}`;
    this.#begin = performance.now();
  }

  onProgress({ mode, ...info }: ProgressInfo, logs: Figures): void {
    const title = this.#epochs === null ? (mode === 'test' ? 'Evaluation' : 'Prediction') : this.#title;
    const what = this.#epochs !== null && mode === 'test' ? ' - validation' : '';
    this.#moving?.([title + what, countOf(info), ...figures(logs)].join(' - '));
    // Nothing is called at the end of an evaluation, so its last batch ends the line.
    if (this.#epochs === null && info.seen === info.samples) this.#end(title, logs);
  }

  onEpochEnd(_epoch: number, logs: Figures): void {
    this.#end(this.#title, logs);
  }

  #end(title: string, logs: Figures): void {
    const seconds = ((performance.now() - this.#begin) / 1000).toFixed(2);
    this.#sink.line([title, `${seconds} s`, ...figures(logs)].join(' - '));
  }
}

const countOf = ({ seen, samples }: BatchInfo): string =>
  samples === null ? `${seen} samples` : `${seen}/${samples}`;

const figures = (logs: Figures): string[] =>
  Object.entries(logs).map(([name, value]) => `${name}: ${value.toFixed(4)}`);
