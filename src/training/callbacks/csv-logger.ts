/** A callback that writes each epoch's figures to a file, after Keras 3's CSVLogger: same options, same rules. */

import { exists, readWholeFile, writeFileAtomic } from '#files';
import { describe } from '../../checks/describe.ts';
import { knownOptions, unary } from '../../checks/options.ts';
import { flag } from '../../checks/values.ts';
import { FormatError } from '../../formats/errors.ts';
import { decodeUtf8 } from '../../formats/json.ts';
import { type Place, pathOf } from '../../formats/places.ts';
import type { Callback, Figures, TrainingModel } from './callback.ts';
import { nextModel } from './one-model.ts';

/** How `csvLogger` writes. */
export interface CsvLoggerOptions {
  /** The file; its folder is made where there is none. */
  path: Place;
  /** Between the columns. Default: a comma. */
  separator?: string | undefined;
  /** Go on with a file that is there, for a training that is resumed. Default: false: it is replaced. */
  append?: boolean | undefined;
}

/**
 * A callback that writes the figures of every epoch to a CSV file.
 *
 * Each row of the file is one epoch: `epoch`, counted from 0, then the figures by name in alphabetical order; a figure
 * that an epoch hasn't is `NA`. After each epoch the file is there whole, the former one or the new.
 * @throws TypeError for an option that makes no sense.
 * @example
 * ```js
 * await model.fit(x, y, { epochs: 10, callbacks: [csvLogger({ path: 'log.csv' })] });
 * ```
 */
export const csvLogger = unary(
  'csvLogger',
  (options: CsvLoggerOptions): Callback =>
    new CsvLogger(knownOptions('csvLogger', options, ['path', 'separator', 'append'])),
);

class CsvLogger implements Callback {
  readonly #path: string;
  readonly #separator: string;
  readonly #append: boolean;
  #model: TrainingModel | null = null;
  #text = '';
  #names: readonly string[] | null = null;

  constructor({ path, separator = ',', append = false }: CsvLoggerOptions) {
    if (typeof separator !== 'string' || !/^[^\w."\r\n-]+$/.test(separator)) {
      throw new TypeError(
        `csvLogger: separator must be a string that no name or number has, got ${describe(separator)}`,
      );
    }
    this.#path = pathOf('csvLogger', path);
    this.#separator = separator;
    this.#append = flag('csvLogger', 'append', append);
  }

  setModel(model: TrainingModel): void {
    this.#model = nextModel('csvLogger', this.#model, model);
  }

  async onTrainBegin(): Promise<void> {
    this.#names = null;
    const goesOn = this.#append && (await exists(this.#path));
    this.#text = goesOn ? decodeUtf8(await readWholeFile(this.#path), this.#path) : '';
    if (this.#text !== '' && !this.#text.endsWith('\n')) this.#text += '\n';
  }

  /** @throws FormatError where the file to continue with has other columns; it stays as it was. */
  async onEpochEnd(epoch: number, logs: Figures): Promise<void> {
    if (!this.#names) {
      const names = Object.keys(logs).sort();
      const header = this.#row(['epoch', ...names]);
      if (this.#text === '') this.#text = header;
      const [first] = this.#text.split(/(?<=\n)/, 1);
      if (first.trimEnd() !== header.trimEnd()) {
        throw new FormatError(
          this.#path,
          `csvLogger: columns must be those of this training: expected ${header.trimEnd()}, got ${first.trimEnd()}`,
        );
      }
      this.#names = names;
    }
    const figures = this.#names.map((name) => (Object.hasOwn(logs, name) ? logs[name] : 'NA'));
    this.#text += this.#row([epoch, ...figures]);
    await writeFileAtomic(this.#path, this.#text);
  }

  #row(cells: readonly (string | number)[]): string {
    return `${cells.join(this.#separator)}\n`;
  }
}
