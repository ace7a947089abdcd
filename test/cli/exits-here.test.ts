/**
 * How the program ends, within this process: its handlers are kept instead of installed, and called; its exit codes are
 * noted. test/cli/exits.test.ts has real signals and pipes.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

type Handler = (...args: unknown[]) => void;
type Exits = typeof import('../../src/cli/exits.ts');

let exits: Exits;
let handlers: Map<string, Handler>;
let stderr: string;
let codes: unknown[];

beforeEach(async () => {
  handlers = new Map();
  stderr = '';
  codes = [];
  const keep = (prefix: string) =>
    ((name: string, handler: Handler) => void handlers.set(prefix + name, handler)) as never; // no chaining
  vi.spyOn(process, 'on').mockImplementation(keep(''));
  vi.spyOn(process, 'off').mockImplementation(((name: string) => void handlers.delete(name)) as never); // no chaining
  vi.spyOn(process.stdout, 'on').mockImplementation(keep('stdout '));
  vi.spyOn(process.stderr, 'on').mockImplementation(keep('stderr '));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
  vi.spyOn(process, 'exit').mockImplementation(((code: unknown) => void codes.push(code)) as never); // it returns
  vi.resetModules();
  exits = await import('../../src/cli/exits.ts');
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What happens to a process comes here. */
const happen = (event: string, ...args: unknown[]): void =>
  handlers.get(event)?.(...(event.startsWith('SIG') ? [event] : args));

describe('the program', () => {
  it('runs the command line that it is given and sets the exit code', async () => {
    const { argv, exitCode } = process;
    process.argv = ['node', 'degelo', 'trasfer'];
    try {
      await import('../../src/cli/main.ts');
      expect(process.exitCode).toBe(2);
    } finally {
      process.argv = argv;
      process.exitCode = exitCode;
    }
    expect(stderr).toMatch(/^degelo: unknown command 'trasfer'\n/);
    expect([...handlers.keys()]).toEqual(expect.arrayContaining(['SIGINT', 'SIGTERM', 'stdout error']));
  });

  it('prints help wherever it is asked for', async () => {
    const { run } = await import('../../src/cli/program.ts');
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await run(['--verbose', '--help'])).toBe(0);
    expect(write.mock.calls.join('')).toContain('transfer');
  });
});

describe('a signal', () => {
  beforeEach(() => {
    vi.useFakeTimers(); // the last of them would end this process
    exits.installExits();
  });

  it.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
    ['SIGHUP', 129, 'terminated'],
  ])('%s cleans up, says what cleaning up has to say, and exits with %i', (signal, code, word) => {
    let taken = false;
    exits.onSuddenExit(() => undefined);
    exits.onSuddenExit(() => 'continue with: x');
    exits.onSuddenExit(() => {
      taken = true;
      return undefined;
    })();
    happen(signal);
    expect({ codes, stderr, taken }).toEqual({
      codes: [code],
      stderr: `degelo: ${word}; continue with: x\n`,
      taken: false,
    });
  });

  it('is left to the system where the main thread computes and nothing is to be cleaned up', () => {
    exits.leaveSignalsToSystem();
    expect([...handlers.keys()].filter((name) => name.startsWith('SIG'))).toEqual([]);
  });

  it('waits for work to come to an end, which a second signal does not', async () => {
    let finish = (): void => {};
    exits.onInterrupt(() => new Promise((resolve) => (finish = resolve)));
    happen('SIGINT');
    expect(codes).toEqual([]);
    happen('SIGTERM');
    expect(codes).toEqual([143]);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(codes).toEqual([143, 130]);
    expect(stderr).toBe('degelo: terminated\ndegelo: interrupted\n');
  });

  it('waits 900 ms at most', () => {
    exits.onInterrupt(() => new Promise(() => {}));
    happen('SIGINT');
    vi.advanceTimersByTime(899);
    expect(codes).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(codes).toEqual([130]);
  });

  it('waits for nothing that was taken back, and for what came last', () => {
    const first = exits.onInterrupt(async () => {});
    const second = exits.onInterrupt(() => new Promise(() => {}));
    first(); // which isn't the current one any more
    happen('SIGINT');
    expect(codes).toEqual([]);
    exits.onInterrupt(async () => {})();
    second();
    happen('SIGINT');
    expect(codes).toEqual([130]);
  });
});

describe('what else may end it', () => {
  beforeEach(() => exits.installExits());
  const pipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });

  it.each([
    ['stdout', 0],
    ['stderr', 141],
  ])('a reader of %s that went away: quietly, with %i', (stream, code) => {
    happen(`${stream} error`, pipe);
    expect({ codes, stderr }).toEqual({ codes: [code], stderr: '' });
  });

  it('a full disk behind stdout: one line', () => {
    exits.onSuddenExit(() => 'kept');
    happen('stdout error', Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
    expect({ codes, stderr }).toEqual({
      codes: [1],
      stderr: "degelo: stdout: can't be written: no space left (ENOSPC); kept\n",
    });
  });

  it('a fault of our own: one line, whatever was thrown', () => {
    exits.onSuddenExit(() => 'kept');
    happen('uncaughtException', new TypeError('two\n  lines'));
    expect({ codes, stderr }).toEqual({ codes: [1], stderr: 'degelo: two lines; kept\n' });
  });
});

describe('reportError', () => {
  it.each([
    [new RangeError('odd'), 'degelo: odd\n'],
    [new RangeError(), 'degelo: RangeError\n'],
    ['a word', 'degelo: a word\n'],
  ])('%s is one line', (error, line) => {
    exits.reportError(error, false);
    expect(stderr).toBe(line);
  });

  it('has the stack below where that is asked for', () => {
    exits.reportError(new Error('odd'), true);
    expect(stderr).toMatch(/^degelo: odd\nError: odd\n +at /);
    stderr = '';
    exits.reportError('a word', true);
    expect(stderr).toBe('degelo: a word\n');
  });
});

describe('the screen', () => {
  it('ends its live line, so that what comes next begins on a line of its own', async () => {
    exits.installExits();
    vi.stubEnv('TERM', 'xterm');
    const { Screen } = await import('../../src/cli/screen.ts');
    const written: string[] = [];
    const fake = { isTTY: true, columns: 0, write: (text: string) => written.push(text) };
    const terminal = fake as unknown as NodeJS.WriteStream; // the screen uses no more of a stream
    const screen = new Screen(terminal);
    new Screen(terminal).show((columns) => `${columns} columns, since the terminal tells none`);
    happen('SIGINT');
    expect(written).toEqual(['\r\x1b[K79 columns, since the terminal tells none', '\n']);
    expect(codes).toEqual([130]);
    screen.clear();
    vi.unstubAllEnvs();
  });
});
