/**
 * One owner a folder: a lock that dies with its process.
 *
 * Whoever wants the folder puts a file of its own name into it, then looks for others': of two, at least the later one to
 * look sees the other's, and steps back. So there are never two owners, and nothing is ever taken over: a file whose
 * process is gone counts as nothing, and since no other process has its name, anyone may remove it.
 *
 *   .degelo-lock-MACHINE-BOOT-PID-START-RANDOM    empty: a process that still looks; with text: the owner's
 *
 * All that decides is in the name, which is there whole or not at all. MACHINE is a hash of the host's name and of
 * the container's processes; BOOT, and START, at which the process began, tell a process from a later one of its number.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { shown } from '../checks/shown.ts';
import { readRegularFile } from '../data/regular-file.ts';

const NAME = /^\.degelo-lock-([0-9a-f]{12})-([0-9a-f]{12})-(\d{1,10})-(\d{1,20})-[0-9a-f]{8}$/;
/** Times that two who came at the same moment step back, each for some milliseconds of its own. */
const ATTEMPTS = 40;
const LONGEST_PAUSE = 20;
/** The most characters of a lock's text that a message shows. */
const LONGEST_TEXT = 1000;

/** Whether a name in a folder is that of a lock. */
export function isLock(name: string): boolean {
  return NAME.test(name);
}

export class FolderLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * Takes a folder that is there, before anything is written in it.
   * @throws Error where another process has it, by name; and what the file system throws.
   */
  static take(folder: string): FolderLock {
    for (let attempt = 1; ; attempt++) {
      const name = ownName();
      const file = join(folder, name);
      writeFileSync(file, '', { flag: 'wx' });
      const others = livingLocks(folder).filter((other) => other !== name);
      if (others.length === 0) {
        const since = new Date().toISOString();
        writeFileSync(file, `degelo, process ${process.pid} of ${hostname()}, since ${since}\n`);
        return new FolderLock(file);
      }
      rmSync(file, { force: true });
      const owner = others.find((other) => sizeOf(join(folder, other)) > 0);
      if (owner !== undefined || attempt === ATTEMPTS) throw new Error(refusal(folder, owner ?? others[0]));
      pause(1 + Math.random() * LONGEST_PAUSE);
    }
  }

  /** Gives the folder free. */
  release(): void {
    rmSync(this.#file, { force: true });
  }
}

function ownName(): string {
  const { machine, boot } = whereWeAre();
  const start = startOf(process.pid) ?? '0';
  return `.degelo-lock-${machine}-${boot}-${process.pid}-${start}-${randomBytes(4).toString('hex')}`;
}

/** The locks in a folder whose process is there, or may be; those of others are removed. */
function livingLocks(folder: string): string[] {
  return readdirSync(folder).filter((name) => {
    const parts = NAME.exec(name);
    if (!parts) return false;
    const [, machine, boot, pid, start] = parts;
    const here = whereWeAre();
    if (machine !== here.machine || (boot === here.boot && isAlive(Number(pid), start))) return true;
    rmSync(join(folder, name), { force: true });
    return false;
  });
}

/** Whether the process that began at `start` is there. */
function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0); // sends nothing
  } catch (error) {
    // A process of another user is there too.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return now === null || start === '0' || now === start;
}

/**
 * When a process began, in the system's own count; null where that isn't known.
 * Source: proc(5), /proc/PID/stat: the name in brackets, the state, …, as the 22nd field the time.
 */
function startOf(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie is dead, and only waits for its parent to ask how it died.
  return state === 'Z' || state === 'X' ? 'dead' : fields[18];
}

function whereWeAre(): { readonly machine: string; readonly boot: string } {
  return {
    machine: hash(`${hostname()}\n${namespaceOfProcesses()}`),
    boot: hash(textOf('/proc/sys/kernel/random/boot_id') ?? ''),
  };
}

/** Containers of one host name may each have a process 7. */
function namespaceOfProcesses(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function refusal(folder: string, name: string): string {
  const [, machine, , pid] = NAME.exec(name) as RegExpExecArray; // the names of locks are such
  if (machine === whereWeAre().machine) return `${folder} is in use by another run, process ${pid}`;
  const file = join(folder, name);
  return `${folder} is in use on another machine (${ownerIn(file)}); if that run is gone, remove ${file}`;
}

/** What a lock says of its owner. */
function ownerIn(file: string): string {
  try {
    const bytes = readRegularFile(file, (problem) => new Error(problem), LONGEST_TEXT);
    return shown(new TextDecoder().decode(bytes).trim()) || 'unknown';
  } catch {
    return 'unknown';
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** What Linux tells of itself; null elsewhere. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Milliseconds in which nothing else happens: there is nothing else to do. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
