/**
 * Lets the thread see to everything else that waits for it: timers, input, the page's drawing.
 *
 * Not by `setTimeout`: after five in a row browsers make it wait 4 ms, and in a hidden tab a second.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    try {
      // Node's own, which lets all that waits have its turn.
      if (typeof setImmediate === 'function') {
        setImmediate(resolve);
        return;
      }
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    } catch {
      // Edge runtimes may lack both, or have them only to refuse them, as Next.js'.
      setTimeout(resolve);
    }
  });
}

/** Milliseconds of work on the calling thread after which it sees to timers, input and the page: pages draw every 16. */
const LONGEST_PIECE = 8;

/** Pauses in work on the calling thread, in which others have their turn. */
export class Pauses {
  #last = performance.now();

  get areDue(): boolean {
    return performance.now() - this.#last > LONGEST_PIECE;
  }

  async take(): Promise<void> {
    await nextTurn();
    this.#last = performance.now();
  }
}
