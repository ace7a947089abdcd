/**
 * How the program ends before its time: Ctrl-C, a kill, a reader that went away, a fault of our own.
 * Worker threads are part of the process: its exit ends them, in the middle of a step too.
 */

/** As shells report a death by signal: 128 + the signal's number. */
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const SIGPIPE_CODE = 141;

const cleanups = new Set<() => void>();

/**
 * Has `cleanup` called if the program is ended from outside. It must be quick, and can't wait for anything.
 * @returns what takes that back, once there is nothing left to clean up.
 */
export function onSuddenExit(cleanup: () => void): () => void {
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}

/** Installs the handlers; once, before anything is written. */
export function installExits(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      cleanUp();
      process.stderr.write(signal === 'SIGINT' ? 'degelo: interrupted\n' : 'degelo: terminated\n');
      process.exit(SIGNAL_CODES[signal]);
    });
  }
  // `degelo … | head`: the reader has all it wanted, and results are the last thing written.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => endOfPipe(error, 0));
  // `degelo … 2>&1 | head`: nobody sees what goes on any more, and the work isn't done.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => endOfPipe(error, SIGPIPE_CODE));
  process.on('uncaughtException', (error) => {
    cleanUp();
    reportError(error, process.argv.includes('--verbose'));
    process.exit(1);
  });
}

/** One line; with the stack below it where `verbose`. */
export function reportError(error: unknown, verbose: boolean): void {
  const message = error instanceof Error ? error.message || error.name : String(error);
  process.stderr.write(`degelo: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
  if (verbose && error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`);
}

function endOfPipe(error: NodeJS.ErrnoException, code: number): void {
  cleanUp();
  if (error.code === 'EPIPE') process.exit(code);
  // A full disk behind `> result.txt`, for one.
  reportError(error, false);
  process.exit(1);
}

function cleanUp(): void {
  for (const cleanup of cleanups) cleanup();
  cleanups.clear();
}
