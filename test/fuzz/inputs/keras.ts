/** .keras files: a zip archive of two texts and an HDF5 file. */
import fc from 'fast-check';
import { unpacker } from '../../../src/data/file.ts';
import { readWholeZip } from '../../../src/data/zip.ts';
import { edited, mostly, utf8 } from '../arbitraries.ts';
import { fixture, kerasH5, lying } from './hdf5.ts';
import { layersModel } from './layers-model.ts';
import { safetensors } from './safetensors.ts';
import { weightsNpz } from './weights-npz.ts';
import { zip } from './zip.ts';

const members = readWholeZip(fixture('ours/nested.keras'), 'nested.keras', unpacker);
const content = (name: string): Uint8Array => members.get(name) ?? new Uint8Array();
const config = Buffer.from(content('config.json')).toString();

export const keras: fc.Arbitrary<Uint8Array> = zip(
  fc
    .record({
      config: edited(config, 3).map(utf8),
      metadata: mostly(
        content('metadata.json'),
        edited('{"keras_version":"2.15.0","degelo":{"classNames":["a","b"]}}').map(utf8),
        8,
      ),
      weights: lying(content('model.weights.h5')),
      name: mostly(
        'config.json',
        fc.constantFrom('', 'Config.json', 'metadata.json', 'model.weights.json'),
        20,
      ),
    })
    .map((f) => [
      { name: 'metadata.json', data: f.metadata },
      { name: f.name, data: f.config },
      { name: 'model.weights.h5', data: f.weights },
    ]),
);

/** Files of every kind that `loadModel` tells apart, and of those that it names. */
export const anyModel: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: keras },
  { weight: 2, arbitrary: kerasH5 },
  safetensors,
  weightsNpz,
  layersModel.map(([json]) => json),
  edited('{"format":"degelo-model","modelTopology":{},"class_name":"Sequential","config":{}}').map(utf8),
  fc.constantFrom('PK\x03\x04', '\x89HDF\r\n\x1a\n', '{', '[', '<html>', '', 'GIF8', 'TFL3').map(utf8),
  fc.uint8Array({ maxLength: 64 }),
);
