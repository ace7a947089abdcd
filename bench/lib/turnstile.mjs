/**
 * Lets a piece of work go on one turn at a time. The work calls `arrive` wherever it may be stopped; whoever directs it
 * calls `next`, which lets it go on and waits until it has arrived again.
 */
export class Turnstile {
  #open = () => {};
  #back = (_result) => {};
  #fail = (_error) => {};

  /**
   * For the work: a turn is over, wait for the next.
   * @param {unknown} [result] what `next` resolves to
   * @returns {Promise<void>}
   */
  arrive(result) {
    return new Promise((resolve) => {
      this.#open = resolve;
      this.#back(result);
    });
  }

  /**
   * For whoever directs it; the first call only waits for the work to arrive.
   * @returns {Promise<any>}
   */
  next() {
    return new Promise((resolve, reject) => {
      this.#back = resolve;
      this.#fail = reject;
      this.#open();
    });
  }

  /** The work failed: `next` rejects. @param {unknown} error */
  fail(error) {
    this.#fail(error);
  }

  /** Lets the work go on without waiting for it. */
  release() {
    this.#open();
  }
}
