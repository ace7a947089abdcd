/** A loss, or what its name makes. */
import { describe } from '../checks/describe.ts';
import type { Loss } from '../losses/loss.ts';
import { getLoss, type LossName } from '../losses/registry.ts';

/** @param where the operation, for messages. @throws TypeError or RangeError where it is neither a loss nor the name of one. */
export function lossOf(where: string, loss: LossName | Loss): Loss {
  if (typeof loss === 'string') {
    try {
      return getLoss({ name: loss });
    } catch (error) {
      throw new RangeError((error as Error).message.replace(/^compile:/, `${where}:`), { cause: error });
    }
  }
  if (typeof loss?.compute === 'function') return loss;
  const right = typeof loss === 'function' ? ': call it' : '';
  throw new TypeError(`${where}: loss must be a name or a loss, got ${describe(loss)}${right}`);
}
