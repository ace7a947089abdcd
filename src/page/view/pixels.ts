/** Numbers as pixels: images in rows on one sheet, such as digits. */

/** An image in red, green, blue and alpha. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

export interface Layout {
  /** Images in a row, pixels between two, and pixels of the sheet for each of theirs. */
  readonly columns: number;
  readonly gap: number;
  readonly scale: number;
}

/** A sheet of `count` images of [height, width]; `colour` gives red, green and blue of one pixel. What is between them is transparent. */
export function sheetOf(
  count: number,
  [height, width]: readonly [number, number],
  { columns, gap, scale }: Layout,
  colour: (image: number, y: number, x: number) => readonly [number, number, number],
): Sheet {
  const [tall, wide] = [height * scale + gap, width * scale + gap];
  const sheet = {
    width: Math.min(count, columns) * wide - gap,
    height: Math.ceil(count / columns) * tall - gap,
  };
  const data = new Uint8ClampedArray(sheet.width * sheet.height * 4);
  for (let i = 0; i < count; i++) {
    const [top, left] = [Math.floor(i / columns) * tall, (i % columns) * wide];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [red, green, blue] = colour(i, y, x);
        const at = ((top + y * scale) * sheet.width + left + x * scale) * 4;
        for (let dy = 0; dy < scale; dy++) {
          for (let e = at + dy * sheet.width * 4, end = e + scale * 4; e < end; e += 4) {
            data[e] = red;
            data[e + 1] = green;
            data[e + 2] = blue;
            data[e + 3] = 255;
          }
        }
      }
    }
  }
  return { ...sheet, data };
}

/** Digits in bytes, one after the other, on a sheet; those that are `wrong` in another colour. */
export function digitSheet(pixels: Uint8Array, side: number, wrong: readonly boolean[]): Sheet {
  const count = pixels.length / (side * side);
  const edge = 2;
  const whole = side + 2 * edge;
  return sheetOf(count, [whole, whole], { columns: 12, gap: 3, scale: 1 }, (i, y, x) => {
    const isEdge = Math.min(y, x) < edge || Math.max(y, x) >= whole - edge;
    if (isEdge) return wrong[i] ? [255, 96, 64] : [24, 32, 44];
    const value = pixels[(i * side + y - edge) * side + x - edge];
    return wrong[i] ? [value, value * 0.55, value * 0.45] : [value, value, value];
  });
}
