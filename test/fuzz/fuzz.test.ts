/** A short, seeded run of the harness in test/fuzz over every reader, and the proof that it sees what is wrong. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { campaign, edgeCampaign } from './campaign.ts';
import { type Input, type Reader, reader } from './harness.ts';
import { collectGarbage, hasHighWater, measure, processorTime } from './measure.ts';
import { readers } from './readers.ts';

const RUNS = 150;

describe('hostile input', () => {
  it.each(readers.map((each) => [each.name, each] as const))(
    `%s: each of ${RUNS} inputs is a value or one of our own errors, and both come often`,
    async (_, each) => {
      const { failure, inputs, outcomes } = await campaign(each, { seed: 1, runs: RUNS });
      expect(failure).toBe(null);
      expect(inputs).toBe(RUNS);
      const values = outcomes.get('value')?.get('') ?? 0;
      expect(values).toBeGreaterThan(RUNS / 20);
      expect(RUNS - values).toBeGreaterThan(RUNS / 10);
    },
  );
});

/** A reader of one byte, which mostly refuses. */
const reading = (read: (file: Uint8Array) => unknown, more: Partial<Reader> = {}): Reader =>
  reader({
    name: 'bad',
    inputs: fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 4 })),
    read,
    errors: [RangeError],
    memory: () => 2 ** 20,
    ...more,
  });
const failureOf = async (bad: Reader) => (await campaign(bad, { seed: 1, runs: 200 })).failure;

describe('the harness', () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'polluted');
  });

  it.each<[string, Reader, RegExp]>([
    [
      'an error of another class',
      reading(() => JSON.parse('{')),
      /documented errors alone: expected RangeError, got SyntaxError/,
    ],
    [
      'what is thrown and is no error',
      reading(() => Promise.reject('no')),
      /documented errors alone: .* got no/,
    ],
    ['two lines', reading(() => Promise.reject(new RangeError('a\nb'))), /messages are one line/],
    [
      'a message that is too long',
      reading(() => Promise.reject(new RangeError('x'.repeat(3000)))),
      /at most 2500 characters: got 3000/,
    ],
    ['no message', reading(() => Promise.reject(new RangeError())), /messages are one line/],
    [
      'memory that is kept',
      reading(() => new Float32Array(2 ** 20)),
      /memory in proportion: expected at most 1048576 bytes/,
    ],
    ['memory that was let go', reading(() => new Float32Array(2 ** 20).length), /memory in proportion/],
    [
      'a changed prototype',
      reading(() => Object.assign(Object.prototype, { polluted: 1 })),
      /prototypes stay as they are/,
    ],
    [
      'a value that is not as promised',
      reading(() => 1, {
        check: () => {
          throw new Error('not as promised');
        },
      }),
      /not as promised/,
    ],
  ])('sees %s', async (_, bad, message) => {
    expect((await failureOf(bad))?.message).toMatch(message);
  });

  const alone = (read: () => unknown, most?: number) =>
    measure(reading(read, { memory: () => 2 ** 30 }), [Uint8Array.of(1)], most);

  it.runIf(hasHighWater)('sees memory at its height, which is free again at the end', async () => {
    const devour = () => {
      for (let i = 0; i < 4; i++) new Uint8Array(2 ** 26).fill(1);
      collectGarbage();
    };
    await expect(alone(devour)).rejects.toThrow(/memory.*: expected at most 50000004 bytes/);
  });

  it('sees processor time past its limit', async () => {
    const burn = () => {
      for (const start = processorTime(); processorTime() - start < 30; );
    };
    await expect(alone(burn, 20)).rejects.toThrow(/time: expected at most 20 ms of the processor, got \d+/);
  });

  it('measures inputs at a reader’s limits, and keeps those that fail', async () => {
    const bad = reading(
      ([byte]) => {
        if (byte === 7) throw new Error('seven');
      },
      { edges: () => [6, 7, 8].map((byte) => [Uint8Array.of(byte)]) },
    );
    const { inputs, failures } = await edgeCampaign(bad);
    expect(inputs).toBe(3);
    expect(failures.map(({ input, message }) => [input[0][0], message])).toEqual([
      [7, 'documented errors alone: expected RangeError, got Error: seven'],
    ]);
  });

  it('gives the least input that fails, and the same one for the same seed', async () => {
    const bad = reading((file) => {
      if (file[0] > 100) throw new Error('too large');
    });
    const failure = await failureOf(bad);
    expect(failure?.input).toEqual([Uint8Array.of(101)] satisfies Input);
    expect(await failureOf(bad)).toEqual(failure);
  });

  it.each([
    ['hangs', 500, /FAILED hangs, batch of seed 7: no answer for 500 ms/],
    ['devours', 30_000, /FAILED devours, batch of seed 7: the thread broke down: .*memory/],
  ])('ends a reader that %s, and leaves its input to be tried again', async (name, limit, message) => {
    const list = fileURLToPath(new URL('bad-readers.ts', import.meta.url));
    const { code, stdout } = await command(
      ...['--list', list, '--reader', name, '--seed', '7', '--runs', '10', '--limit', `${limit}`],
    );
    expect(stdout).toMatch(message);
    expect(stdout).toMatch(/again: npm run fuzz -- --reader \w+ --input \S+/);
    expect(code).toBe(1);
  });

  it('reads those at the limits alone where no others are wanted', async () => {
    const { code, stdout } = await command('--reader', 'gzip', '--runs', '0');
    expect(stdout).toMatch(/^gzip +\d+ inputs at its limits: at most .*\n$/);
    expect(code).toBe(0);
  });
});

/** `npm run fuzz` with these words after it. */
function command(...args: string[]): Promise<{ code: unknown; stdout: string }> {
  const script = fileURLToPath(new URL('run.mjs', import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout) =>
      resolve({ code: error?.code ?? 0, stdout }),
    );
  });
}
