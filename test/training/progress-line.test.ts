/** verbose: what is shown while a model works. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { progressSink } from '../../src/training/callbacks/progress-line.ts';
import { compiled } from './compiled.ts';
import { tinyData } from './tiny.ts';

const { x, y } = tinyData(16);

const { isTTY: wasTTY } = process.stderr;
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = wasTTY;
});

const ERASE = '\r\x1b[K';

/** Everything that goes to stderr. */
function stderr(isTTY: boolean): string[] {
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  process.stderr.isTTY = isTTY;
  return written;
}

const LINE =
  /^Epoch 1\/2 - \d+\.\d\d s - loss: \d\.\d{4} - accuracy: \d\.\d{4} - val_loss: \d\.\d{4} - val_accuracy: \d\.\d{4}\n$/;

describe('verbose', () => {
  it.each([2, 1, true, 'auto'] as const)(
    '%s: a line per epoch where there is no terminal',
    async (verbose) => {
      const written = stderr(false);
      await compiled().fit(x, y, { epochs: 2, verbose, validationData: [x, y] });
      expect(written).toHaveLength(2);
      expect(written[0]).toMatch(LINE);
      expect(written[1]).toMatch(/^Epoch 2\/2/);
    },
  );

  it('0, false or nothing: no line', async () => {
    const written = stderr(true);
    await compiled().fit(x, y, { verbose: 0 });
    await compiled().fit(x, y, { verbose: false });
    await compiled().fit(x, y);
    expect(written).toEqual([]);
  });

  it('1 on a terminal: a line that moves, and then stays', async () => {
    const written = stderr(true);
    await compiled().fit(x, y, { verbose: 1, batchSize: 8, validationData: [x, y] });
    expect(written[0]).toContain(`${ERASE}Epoch 1/1 - 8/16 - loss: `);
    expect(written.some((text) => /Epoch 1\/1 - validation - 16\/16 - val_loss/.test(text))).toBe(true);
    expect(written.at(-1)?.replace(ERASE, '')).toMatch(/^Epoch 1\/1 - \d+\.\d\d s - .*\n$/);
  });

  it('evaluate and predict: a line at the end; batches of unknown number are counted', async () => {
    const written = stderr(false);
    const model = compiled();
    await model.evaluate(x, y, { verbose: 1 });
    await model.predict(x, { verbose: 2 });
    expect(written[0]).toMatch(/^Evaluation - \d+\.\d\d s - loss: \d\.\d{4} - accuracy: \d\.\d{4}\n$/);
    expect(written[1]).toMatch(/^Prediction - \d+\.\d\d s\n$/);
    await model.evaluate(() => [[x, y] as const], { verbose: 2 });
    expect(written[2]).toMatch(/^Evaluation - /);
    expect(written).toHaveLength(3);
    const moving = stderr(true);
    await model.fit(() => [[x, y] as const], { verbose: 1 });
    expect(moving[0]).toMatch(/Epoch 1\/1 - 16 samples - loss/);
  });

  it('goes to the console where there is no stderr', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const sink = progressSink({} as never);
    sink.line('Epoch 1/1');
    expect(log.mock.calls).toEqual([['Epoch 1/1']]);
    expect(sink.moving).toBe(null);
  });
});
