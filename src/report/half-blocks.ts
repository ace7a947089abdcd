/** Images in a terminal: two pixels a character, one above the other. */

/** Ink of at least so much is drawn. */
const SEEN = 96;

/**
 * An image as lines of `▀`, `▄`, `█` and spaces.
 * @param pixels [height, width], 255 is full ink
 */
export function halfBlocks(pixels: Uint8Array, height: number, width: number): string[] {
  const isInk = (y: number, x: number): boolean => y < height && pixels[y * width + x] >= SEEN;
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) =>
    Array.from({ length: width }, (_, x) => {
      const [upper, lower] = [isInk(2 * line, x), isInk(2 * line + 1, x)];
      return upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ';
    }).join(''),
  );
}
