/**
 * How the program ends before its time: Ctrl-C, a kill, a reader that went away, a fault of our own.
 * Worker threads are part of the process: its exit ends them, in the middle of a step too.
 */
import { shown } from '../checks/shown.ts';
import { translated, warn } from './output.ts';

/** Exit codes after a signal, as shells count: 128 + the signal's number. */
const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = Object.keys(SIGNAL_CODES) as readonly (keyof typeof SIGNAL_CODES)[]; // as written above
const SIGPIPE_CODE = 141;

/** Milliseconds that work has to come to a good end after the first signal; people wait no longer than a second. */
const GRACE = 900;

/** May return words for the user, which end the program's last line. */
type Cleanup = () => string | undefined;

const cleanups = new Set<Cleanup>();
let finishWork: (() => Promise<void>) | null = null;

/**
 * Has `cleanup` called if the program is ended from outside. It must be quick, and can't wait for anything.
 * @returns what takes that back, once there is nothing left to clean up.
 */
export function onSuddenExit(cleanup: Cleanup): () => void {
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}

/**
 * Has `finish` called at the first signal: to come to a point at which the work can be taken up again. The program
 * ends when the promise settles, at the latest after GRACE, or at a second signal.
 * @returns what takes that back, once nothing would be lost.
 */
export function onInterrupt(finish: () => Promise<void>): () => void {
  finishWork = finish;
  return () => {
    if (finishWork === finish) finishWork = null;
  };
}

/** Installs the handlers; once, before anything is written. */
export function installExits(): void {
  for (const signal of SIGNALS) process.on(signal, onSignal);
  // `degelo … | head`: the reader has all it wanted, and results are the last thing written.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => endOfPipe(error, 0));
  // `degelo … 2>&1 | head`: no output can be seen any more, and the work isn't done.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => endOfPipe(error, SIGPIPE_CODE));
  process.on('uncaughtException', (error) => {
    const words = cleanUp();
    reportError(error, process.argv.includes('--verbose'), words);
    process.exit(1);
  });
}

/**
 * Has the system end the program at a signal, from now on: for commands that leave nothing to clean up, and compute on the main
 * thread, where no handler would get its turn. Shells report the same exit codes.
 */
export function leaveSignalsToSystem(): void {
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  const end = (): never => {
    const words = cleanUp();
    // SIGHUP: the terminal is gone, and what is written to it fails; see endOfPipe.
    const line = `${signal === 'SIGINT' ? 'interrupted' : 'terminated'}${words && `; ${words}`}`;
    warn(`degelo: ${translated(line)}`);
    process.exit(SIGNAL_CODES[signal as keyof typeof SIGNAL_CODES]); // installed for these
  };
  const finish = finishWork;
  finishWork = null;
  if (!finish) end();
  else {
    // Where work fails instead, the program ends by itself, with the reason.
    const late = setTimeout(end, GRACE).unref();
    void finish().then(() => {
      clearTimeout(late);
      end();
    });
  }
}

/** One line, with `words` at its end; with the stack below it where `verbose`. */
export function reportError(error: unknown, verbose: boolean, words = ''): void {
  const message = error instanceof Error ? error.message || error.name : String(error);
  const line = `${shown(message.replace(/\s*\n\s*/g, ' '))}${words && `; ${words}`}`;
  warn(`degelo: ${translated(line)}`);
  if (verbose && error instanceof Error && error.stack) warn(error.stack);
}

function endOfPipe(error: NodeJS.ErrnoException, code: number): void {
  const words = cleanUp();
  const isPipe = error.code === 'EPIPE';
  // A full disk behind `> result.txt`, for one.
  if (!isPipe) {
    // `ENOSPC: no space left on device, write`, as file-fault.ts has it: --help loads no module for that.
    const reason = error.message.replace(/^[A-Z\d]+: ([^,]+).*$/, `$1 (${error.code})`);
    reportError(new Error(`stdout: can't be written: ${reason}`), false, words);
  }
  process.exit(isPipe ? code : 1);
}

function cleanUp(): string {
  const words = [...cleanups].map((cleanup) => cleanup()).filter((words) => words !== undefined);
  cleanups.clear();
  return words.join('; ');
}
