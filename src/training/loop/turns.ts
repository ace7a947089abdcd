/**
 * Who works with a model's layers, and when.
 *
 * Only one call may use them at a time: a training and a prediction would use the same memory, and two trainings would mix up their
 * weights. Models that share layers count as one model here. So:
 *
 * - a training (`fit`, `trainOnBatch`) has the layers to itself until it ends; another one is refused;
 * - `evaluate` and `predict` wait for their turn, in the order of their calls;
 * - a call pauses while its callbacks run. Then others can work, with the weights of that moment: a callback may call `predict`, and a
 *   server may predict while the model is trained.
 *
 * Two calls never wait for each other: a call that comes in a pause begins at once, and a training continues only when all calls that
 * began in its pause have ended.
 */
import type { Layer } from '../../layers/layer.ts';

/** What a turn needs to know of a model. */
export interface TurnTaker {
  readonly name: string;
  /** All its layers, those of models within too. */
  allLayers(): readonly Layer[];
}

export class Turn {
  readonly model: TurnTaker;
  readonly operation: string;
  readonly trains: boolean;
  state: 'waiting' | 'working' | 'pausing' = 'waiting';
  /** Whether it has begun: a paused training waits until it has ended. */
  hasBegun = false;
  /** Ends its waiting. */
  begin: () => void = () => {};

  constructor(model: TurnTaker, operation: string, trains: boolean) {
    this.model = model;
    this.operation = operation;
    this.trains = trains;
  }

  /** Lets others work while `work` does something else, and then waits until it's this one's turn again. */
  async pause(work: () => Promise<void>): Promise<void> {
    this.state = 'pausing';
    startWaiting();
    await work();
    await this.wait();
  }

  /**
   * Waits behind all that wait already. @returns null where there is nothing to wait for
   * @param signal ends the waiting with its reason
   */
  wait(signal?: AbortSignal): Promise<void> | null {
    this.state = 'waiting';
    turns = [...turns.filter((turn) => turn !== this), this];
    startWaiting();
    // startWaiting changed it, which the compiler can't see.
    if ((this.state as string) === 'working') return null;
    return new Promise<void>((resolve, reject) => {
      const giveUp = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.begin = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
    });
  }

  /** Whether both use the same weights. Shared layers without weights don't matter. */
  conflictsWith({ model }: Turn): boolean {
    return model === this.model || sharedLayers(model, this.model);
  }
}

/** Whether both have a layer with weights, at any depth. */
function sharedLayers(one: TurnTaker, other: TurnTaker): boolean {
  const there = new Set(other.allLayers());
  return one.allLayers().some((layer) => layer.parameters.length > 0 && there.has(layer));
}

/** All calls that work, pause or wait; the one that waits longest comes first. */
let turns: readonly Turn[] = [];

/** Starts all that wait and can work now, in the order in which they came. */
function startWaiting(): void {
  for (const turn of turns) {
    if (turn.state !== 'waiting') continue;
    const inTheWay = turns.some(
      (other) =>
        other !== turn &&
        other.conflictsWith(turn) &&
        (other.state === 'working' || (turn.trains && other.hasBegun)),
    );
    if (inTheWay) continue;
    turn.state = 'working';
    turn.hasBegun = true;
    turn.begin();
  }
}

/** The first call that uses the same layers, or waits for them. */
function occupant(turn: Turn): Turn | undefined {
  return turns.find((other) => other.conflictsWith(turn));
}

/** @throws Error where a call uses the model, or waits for it. */
export function expectIdle(model: TurnTaker, operation: string): void {
  const own = turns.find((turn) => turn.model === model);
  if (own) throw new Error(`${operation}: this model is busy with ${own.operation}: await that first`);
}

/** Whether a training of this model goes on, be it in a pause. */
export function isTraining(model: unknown): boolean {
  return turns.some((turn) => turn.trains && turn.model === model);
}

/** Runs a training. @throws Error where another call uses its layers, or waits for them. */
export async function training<T>(
  model: TurnTaker,
  operation: string,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const turn = new Turn(model, operation, true);
  const other = occupant(turn);
  if (other) {
    const who = other.model === model ? 'this model' : `model ${other.model.name}, which shares layers,`;
    throw new Error(`${operation}: ${who} is busy with ${other.operation}: await that first`);
  }
  return take(turn, work);
}

/** Runs an evaluation or a prediction, as soon as its layers are free. */
export async function inference<T>(
  model: TurnTaker,
  operation: string,
  work: (turn: Turn) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return take(new Turn(model, operation, false), work, signal);
}

async function take<T>(turn: Turn, work: (turn: Turn) => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    signal?.throwIfAborted();
    const waiting = turn.wait(signal);
    // Without a wait the work begins within the call.
    if (waiting) await waiting;
    return await work(turn);
  } finally {
    turns = turns.filter((other) => other !== turn);
    startWaiting();
  }
}
