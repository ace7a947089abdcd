/** What the readers of model files give. */
import type { Model } from '../model.ts';

/** What a reader has made of a file. */
export interface Found {
  readonly model: Model;
  /** What wrote it, where the file says so: `Keras 3.15.1`. */
  readonly writer?: string;
  /** What of the file isn't in the model, or was changed on the way, a line each. */
  readonly remarks?: readonly string[];
}
