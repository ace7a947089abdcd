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

/** What has layers: a model, those of models within too. */
export interface HavingLayers {
  allLayers(): readonly { readonly parameters: { readonly length: number } }[];
}

/** What a turn needs to know of a model. */
export interface TurnTaker extends HavingLayers {
  readonly name: string;
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

  /** Whether it uses a layer with weights that the model has too, at any depth. Shared layers without weights don't matter. */
  conflictsWith(model: HavingLayers): boolean {
    if (model === this.model) return true;
    const own = this.model.allLayers();
    return model.allLayers().some((layer) => layer.parameters.length > 0 && own.includes(layer));
  }
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
        other.conflictsWith(turn.model) &&
        (other.state === 'working' || (turn.trains && other.hasBegun)),
    );
    if (inTheWay) continue;
    turn.state = 'working';
    turn.hasBegun = true;
    turn.begin();
  }
}

/** @throws Error where such a call uses the same layers. */
function expectNone(operation: string, model: HavingLayers, isInTheWay: (turn: Turn) => boolean): void {
  const other = turns.find((turn) => turn.conflictsWith(model) && isInTheWay(turn));
  if (!other) return;
  const who = other.model === model ? 'this model' : `model ${other.model.name}, which shares layers,`;
  throw new Error(`${operation}: ${who} is busy with ${other.operation}: await that first`);
}

/** @throws Error where a call uses the model, or waits for it. */
export function expectIdle(model: HavingLayers, operation: string): void {
  expectNone(operation, model, (turn) => turn.model === model);
}

/**
 * For those who read or set weights without waiting.
 * @throws Error where a training step of these layers is half done: some weights are new then, and others not.
 */
export function expectBetweenSteps(operation: string, model: HavingLayers): void {
  expectNone(`${operation} outside callbacks`, model, (turn) => turn.trains && turn.state === 'working');
}

/** Reads weights at once; where a training step of these layers is half done, when it has ended. */
export async function betweenSteps<T>(operation: string, model: TurnTaker, read: () => T): Promise<T> {
  try {
    expectBetweenSteps(operation, model);
  } catch {
    return inference(model, operation, async () => read());
  }
  return read();
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
  expectNone(operation, model, () => true);
  return take(turn, work);
}

/** Runs an evaluation or a prediction, as soon as its layers are free. */
export function inference<T>(
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
