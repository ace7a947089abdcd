/** MNIST in miniature for the scripts here: 12×12 images as IDX files, in which each digit is a bright band at its own height. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes the folder `path`. @returns it */
export function writeDigits(path) {
  const SIDE = 12;
  mkdirSync(path);
  for (const [name, N] of [
    ['train', 120],
    ['t10k', 40],
  ]) {
    const labels = Uint8Array.from({ length: N }, (_, n) => n % 10);
    const images = Uint8Array.from({ length: N * SIDE ** 2 }, (_, i) => {
      const row = Math.floor(i / SIDE) % SIDE;
      const digit = labels[Math.floor(i / SIDE ** 2)];
      return row === digit || row === digit + 1 ? 200 + (i % 50) : (i * 7919) % 61;
    });
    const header = (...shape) => [0, 0, 8, shape.length, ...shape.flatMap((d) => [0, 0, d >> 8, d & 255])];
    writeFileSync(
      join(path, `${name}-images-idx3-ubyte`),
      Buffer.from([...header(N, SIDE, SIDE), ...images]),
    );
    writeFileSync(join(path, `${name}-labels-idx1-ubyte`), Buffer.from([...header(N), ...labels]));
  }
  return path;
}
