/** A folder of small PNGs, one folder per class, and a small network for them: what an extraction of features needs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { conv2d, dense, globalAveragePooling2d, rescaling, sequential } from '../../dist/index.js';

const SIDE = 48;
const CLASSES = ['dark', 'light'];

/** @returns options of `degelo features` */
export async function writePhotos(folder, count) {
  const images = join(folder, 'photos');
  for (const [k, name] of CLASSES.entries()) {
    mkdirSync(join(images, name), { recursive: true });
    for (let n = k; n < count; n += CLASSES.length) {
      writeFileSync(join(images, name, `${String(n).padStart(5, '0')}.png`), photo(n, k * 100));
    }
  }
  const base = join(folder, 'base');
  await sequential([
    rescaling({ scale: 1 / 255, inputShape: [SIDE, SIDE, 3] }),
    conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
    conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
    globalAveragePooling2d(),
    dense({ units: 4, activation: 'softmax' }),
  ]).save(base);
  return ['--base', base, '--images', images];
}

/** Noise around a brightness. */
function photo(number, brightness) {
  const rows = Buffer.alloc(SIDE * (1 + 3 * SIDE)); // each row begins with its filter, none
  for (let i = 0; i < rows.length; i++) {
    if (i % (1 + 3 * SIDE) > 0) rows[i] = brightness + ((i * 7919 + number * 104729) % 151);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named) >>> 0);
  return Buffer.concat([length, named, check]);
}
