/** In the page's build this stands for training/loop/stream-source.ts, which reads batches from iterables: the page trains on arrays alone. */
export class StreamSource {
  constructor() {
    throw new Error('the page trains on arrays alone');
  }
}
