/**
 * A study, or an extraction of features, on a real Slurm, killed again and again, against the same on one machine: the same bytes.
 *
 *   apt-get install slurmctld slurmd slurm-client munge    (Debian 12 has 22.05)
 *   npm run --silent build && node test/faults/slurm-proof.mjs --cells 100 --kills 40
 *   node test/faults/slurm-proof.mjs --command features --cells 20 --kills 8
 *
 * Run as root, on Linux. It starts munged, slurmctld and slurmd of its own in a temporary folder, without touching any
 * that may be there, submits docs/scale/slurm.sh as an array with a task for each cell, and kills running tasks in
 * turns by `scontrol requeue` and by `kill -9` of the program, until there were as many kills as asked for. What it
 * started it stops, by process number.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { scriptOptions } from '../script.mjs';
import { writeDigits } from './digits.mjs';
import { writePhotos } from './photos.mjs';

const values = scriptOptions(import.meta.url, {
  command: { type: 'string', default: 'study' },
  cells: { type: 'string', default: '100' },
  kills: { type: 'string', default: '40' },
  /** Milliseconds between two kills. */
  pause: { type: 'string', default: '1500' },
});
const COMMAND = values.command;
const CELLS = Number(values.cells);
const KILLS = Number(values.kills);
const SEVENTH = COMMAND === 'features' ? 'cell-000007.safetensors' : 'cell-000007.json';
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../docs/scale/slurm.sh', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'degelo-slurm-'));
const at = (name) => join(folder, name);
const daemons = [];
process.on('exit', () => {
  for (const daemon of daemons) daemon.kill();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// Short cells. Of a study: two directions, two sample counts, the rest seeds. Of an extraction: four photos each.
const options = COMMAND === 'features' ? await writePhotos(folder, 4 * CELLS) : studyOptions();
await startSlurm();
const slurm = at('slurm');
const begin = performance.now();
const id = run('sbatch', [
  '--parsable',
  `--array=0-${CELLS - 1}`,
  SCRIPT,
  `${CELLS}`,
  slurm,
  ...options,
]).trim();
const kills = await killAndWait();
const slurmSeconds = (performance.now() - begin) / 1000;

// One machine, one process, two threads.
const aloneBegin = performance.now();
const alone = compute('alone');
const aloneSeconds = (performance.now() - aloneBegin) / 1000;
const merged = merge([slurm], 'merged');

const logs = readdirSync(folder).filter((name) => name.endsWith('.log') && name.startsWith('degelo-study')); // whatever the command
const text = logs.map((name) => readFileSync(at(name), 'utf8')).join('');
console.log(
  `${CELLS} cells as tasks of a Slurm array, two at a time: ${Math.round(slurmSeconds)} s; alone: ${Math.round(aloneSeconds)} s`,
);
console.log(`killed: ${kills.requeue} by scontrol requeue, ${kills.kill} by kill -9 of the program`);
console.log(
  `cells computed: ${count(text, COMMAND === 'features' ? /^Cell .* 0 of them/gm : /samples per digit\): [\d.]+ s/g)}; found there already: ${count(text, COMMAND === 'features' ? /^Cell .* 4 of them/gm : /there already/g)}`,
);
console.log(
  `merged result: ${merged.result.length} characters, ${merged.result === alone.result ? 'the very bytes' : 'OTHER BYTES'} of the single machine’s`,
);

// A cell less, and one twice: no result, one line.
cpSync(slurm, at('copy'), { recursive: true });
for (const name of readdirSync(at('copy'))) if (name !== SEVENTH) rmSync(join(at('copy'), name));
const doubled = merge([slurm, at('copy')], 'doubled');
rmSync(join(slurm, SEVENTH));
const missing = merge([slurm], 'missing');
const joined = merge([slurm, at('copy')], 'joined');
for (const { code, stderr } of [doubled, missing])
  console.log(`exit ${code}: ${stderr.trim().replaceAll(folder, '…')}`);
console.log(`joined from two folders: ${joined.result === alone.result ? 'the very bytes' : 'OTHER BYTES'}`);
const isProved =
  alone.code === 0 &&
  merged.result === alone.result &&
  joined.result === alone.result &&
  doubled.code === 1 &&
  missing.code === 1;
// The last to start is the first to go; the folder stays where there is something to look into.
for (const daemon of daemons.reverse()) {
  daemon.kill();
  if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit');
}
if (isProved) rmSync(folder, { recursive: true, force: true });
else console.log(`see ${folder}`);
process.exitCode = isProved ? 0 : 1;

function studyOptions() {
  if (!Number.isInteger(CELLS / 4)) throw new Error(`--cells must be a multiple of 4, got ${CELLS}`);
  return [
    ...['--data', writeDigits(at('data')), '--epochs', '1', '--batch-size', '16'],
    ...[
      '--directions',
      'forward,reverse',
      '--samples',
      'all,3',
      '--learning-rates',
      '1',
      '--seeds',
      `${CELLS / 4}`,
    ],
  ];
}

/** All of it in one process. A study says its result itself, features are merged. */
function compute(name) {
  const done = degelo([COMMAND, ...options, '--out', at(name), '--threads', '2', '--json']);
  return COMMAND === 'features' ? merge([at(name)], `${name}-merged`) : { ...done, result: done.stdout };
}

/** What folders hold together, as characters. */
function merge(folders, name) {
  if (COMMAND === 'study') {
    const done = degelo(['study', '--merge', ...folders, '--json']);
    return { ...done, result: done.stdout };
  }
  const file = at(`${name}.safetensors`);
  const done = degelo(['features', '--merge', ...folders, '--out', file]);
  return { ...done, result: done.code === 0 ? readFileSync(file, 'latin1') : '' };
}

/** Kills running tasks, then waits for the array's end. */
async function killAndWait() {
  const done = { requeue: 0, kill: 0 };
  let turn = 0;
  for (;;) {
    const tasks = run('squeue', ['-h', '-r', '-j', id, '-o', '%A %K %t']).trim().split('\n').filter(Boolean);
    if (tasks.length === 0) return done;
    const running = tasks.map((line) => line.split(' ')).filter(([, , state]) => state === 'R');
    if (done.requeue + done.kill < KILLS && running.length > 0) {
      const [job] = running[turn % running.length];
      if (turn++ % 2 === 0) {
        if (attempt(() => run('scontrol', ['requeue', job]))) done.requeue++;
      } else {
        const pid = programOf(job);
        if (pid && attempt(() => process.kill(pid, 'SIGKILL'))) done.kill++;
      }
    }
    await sleep(Number(values.pause));
  }
}

/** Number of the process of a task that is degelo, null where there is none at the moment. */
function programOf(job) {
  let listed = '';
  if (!attempt(() => (listed = run('scontrol', ['listpids', job])))) return null;
  for (const line of listed.split('\n').slice(1)) {
    const pid = Number(line.trim().split(/\s+/)[0]);
    let command = '';
    if (pid > 0 && attempt(() => (command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')))) {
      if (command.includes(MAIN) && command.startsWith(process.execPath)) return pid;
    }
  }
  return null;
}

async function startSlurm() {
  for (const name of ['state', 'spool']) mkdirSync(at(name));
  writeFileSync(at('munge.key'), crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o600 });
  const host = hostname().split('.')[0];
  const memory = Math.floor((totalmem() / 2 ** 20) * 0.9);
  // cred_expire: a task that is put back starts again after so many seconds, 120 if not told.
  writeFileSync(
    at('slurm.conf'),
    `ClusterName=proof
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=26817
SlurmdPort=26818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${at('munge.socket')},cred_expire=5
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2
ReturnToService=2
KillWait=5
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=${memory}
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`,
  );
  const options = ['socket', 'key-file', 'pid-file', 'seed-file', 'log-file'];
  const files = ['munge.socket', 'munge.key', 'munge.pid', 'munge.seed', 'munge.log'];
  start('munged', ['--foreground', '--force', ...options.map((option, i) => `--${option}=${at(files[i])}`)]);
  await sleep(1000);
  start('slurmctld', ['-D', '-c', '-f', at('slurm.conf')]);
  start('slurmd', ['-D', '-c', '-f', at('slurm.conf')]);
  for (let tries = 0; tries < 60; tries++) {
    await sleep(500);
    let states = '';
    if (attempt(() => (states = run('sinfo', ['-h', '-o', '%t']))) && states.trim() === 'idle') return;
  }
  throw new Error(`Slurm didn't start: see ${folder}`);
}

function start(command, args) {
  const log = openSync(at(`${command}.out`), 'a');
  const daemon = spawn(command, args, { stdio: ['ignore', log, log], env: environment(), detached: true });
  daemon.on('error', (error) => appendFileSync(at(`${command}.out`), `${error}\n`));
  daemons.push(daemon);
}

function environment() {
  const DEGELO = `${process.execPath} ${MAIN}`;
  return {
    ...process.env,
    SLURM_CONF: at('slurm.conf'),
    DEGELO,
    COMMAND,
    TRIES: '1000',
    PATH: `${process.env.PATH}:/usr/sbin`,
  };
}

function run(command, args) {
  return execFileSync(command, args, {
    env: environment(),
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function degelo(args) {
  try {
    return {
      code: 0,
      stdout: execFileSync(process.execPath, [MAIN, ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
        maxBuffer: 2 ** 28,
      }),
      stderr: '',
    };
  } catch (error) {
    return { code: error.status, stdout: error.stdout, stderr: error.stderr };
  }
}

function attempt(work) {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

function count(text, pattern) {
  return text.match(pattern)?.length ?? 0;
}
