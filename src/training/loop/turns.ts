/**
 * Who works with a model's layers, and when.
 *
 * Only one may work at a time: a training and a prediction would use the same memory, and two trainings of the same
 * weights would be neither. Models that share layers count as one here. So:
 *
 * - a training (`fit`, `trainOnBatch`) has the layers to itself until it ends; another one is refused;
 * - `evaluate` and `predict` wait for their turn, in the order of their calls;
 * - while its callbacks run, whoever has the turn pauses. Then others can work, with the weights of that moment: a
 *   callback may call `predict`, and a server may predict while a model is in training.
 *
 * Nobody waits for something that waits for him: a training that paused continues only when all that began meanwhile
 * has ended, and whoever is called while another one pauses begins at once.
 */
import type { Layer } from '../../layers/layer.ts';

/** A model, as far as turns go. */
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
  /** It has worked, so what it began is to be ended before a training continues. */
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
   * Waits after all who wait already; null: it needn't.
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

  /** They work with the same weights; layers without any hold nothing. */
  conflictsWith({ model }: Turn): boolean {
    return model === this.model || sharedLayers(model, this.model);
  }
}

/** Whether both have a layer with weights, at any depth. */
function sharedLayers(one: TurnTaker, other: TurnTaker): boolean {
  const there = new Set(other.allLayers());
  return one.allLayers().some((layer) => layer.parameters.length > 0 && there.has(layer));
}

/** Everybody who works, pauses or waits; who waits longest comes first. */
let turns: readonly Turn[] = [];

/** Lets begin, first come, first served, whoever waits and can. */
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

/** What is at work with the model's layers, or waits for them: the first of it. */
function occupant(turn: Turn): Turn | undefined {
  return turns.find((other) => other.conflictsWith(turn));
}

/** @throws Error where anything is at work with the model, or waits for it. */
export function expectIdle(model: TurnTaker, operation: string): void {
  const own = turns.find((turn) => turn.model === model);
  if (own) throw new Error(`${operation}: this model is busy with ${own.operation}: await that first`);
}

/** Trains: nobody else may train with these layers. @throws Error where somebody works with them. */
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

/** Evaluates or predicts, as soon as nobody else works with these layers. */
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
