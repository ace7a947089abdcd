/**
 * Where progress is shown: on a terminal lines and, under them, one live line that is written over; elsewhere
 * lines alone, without any control character.
 */

import { escapeUnshown, shown } from '../checks/shown.ts';
import { onSuddenExit } from './exits.ts';

/** Milliseconds between two states of the live line: enough to look smooth, too little to cost anything. */
const REFRESH = 80;

const ERASE_LINE = '\r\x1b[K';

/** How wide a line may be: the terminal's columns; no limit where the stream isn't one. */
export function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY === true ? stream.columns || 80 : Infinity;
}

export class Screen {
  readonly #stream: NodeJS.WriteStream;
  readonly #isLive: boolean;
  readonly #isQuiet: boolean;
  #live = '';
  #drawnAt = Number.NEGATIVE_INFINITY;

  /** @param quietUnlessTerminal show nothing unless stderr is a terminal */
  constructor(stream: NodeJS.WriteStream, { quietUnlessTerminal = false } = {}) {
    this.#stream = stream;
    this.#isLive = stream.isTTY === true && process.env.TERM !== 'dumb';
    this.#isQuiet = quietUnlessTerminal && stream.isTTY !== true;
    // What comes next begins on a line of its own.
    onSuddenExit(() => {
      if (this.#live) this.#stream.write('\n');
      return undefined;
    });
  }

  /** The terminal's width in columns; there is no limit without a terminal. */
  get columns(): number {
    return columnsOf(this.#stream);
  }

  /** Writes text that stays, of one line or several. */
  print(text: string): void {
    if (!this.#isQuiet) this.note(text);
  }

  /** Writes a line about what is handed in, which a script's log must hold too: never quiet. */
  note(text: string): void {
    this.clear();
    this.#stream.write(`${escapeUnshown(text)}\n`);
  }

  /** Shows the live line, unless it was drawn just now. `draw` gets the columns it may fill. */
  show(draw: (columns: number) => string): void {
    const now = performance.now();
    if (!this.#isLive || now - this.#drawnAt < REFRESH) return;
    this.#drawnAt = now;
    // The last column stays free: terminals differ in what they do once it is filled.
    this.#live = draw((this.#stream.columns || 80) - 1);
    this.#stream.write(ERASE_LINE + shown(this.#live));
  }

  /** Takes the live line away. */
  clear(): void {
    if (this.#live) this.#stream.write(ERASE_LINE);
    this.#live = '';
    this.#drawnAt = Number.NEGATIVE_INFINITY;
  }
}
