/**
 * Everything in degelo that reads what others wrote. A new reader joins the harness with one entry here.
 */
import { type Command, CommanderError } from 'commander';
import fc from 'fast-check';
import { makeProgram } from '../../src/cli/program.ts';
import { imageDataset } from '../../src/data/dataset.ts';
import { decodeIdx, decodePng } from '../../src/data/decode.ts';
import { DataError, oneLine } from '../../src/data/errors.ts';
import { gunzip } from '../../src/data/file.ts';
import { parseIdx } from '../../src/data/idx.ts';
import { prepareImages } from '../../src/data/images.ts';
import { isGzip } from '../../src/data/inflate.ts';
import { MAX_BYTES, MAX_PIXELS } from '../../src/data/limits.ts';
import { parseNpy } from '../../src/data/npy.ts';
import { parseNpz } from '../../src/data/npz.ts';
import { parseJpeg } from '../../src/data/photos/jpeg.ts';
import { readJpegHeader } from '../../src/data/photos/jpeg-header.ts';
import { loadTurboJpeg } from '../../src/data/photos/turbo-jpeg.ts';
import { parseTransferCheckpoint } from '../../src/experiment/checkpoint.ts';
import { parseSavedRun } from '../../src/experiment/saved-run.ts';
import { MAX_CELL_BYTES, parseCell, parseStudy } from '../../src/experiment/study-file.ts';
import { cellAt, faultOf } from '../../src/experiment/study-grid.ts';
import { FormatError } from '../../src/formats/errors.ts';
import { type Hdf5Object, openHdf5 } from '../../src/formats/hdf5/file.ts';
import { decodeUtf8 } from '../../src/formats/json.ts';
import { decodeNpz } from '../../src/formats/npz.ts';
import { decodeSafetensors } from '../../src/formats/safetensors.ts';
import {
  decodeCheckpoint,
  decodeLayersModel,
  decodeModel,
  decodeTflite,
  loadModel,
  type Model,
  type Tensor,
} from '../../src/index.ts';
import { reportPage } from '../../src/report/html/page.ts';
import {
  gzipEdges,
  hdf5Edges,
  idxEdges,
  jpegEdges,
  layersModelEdges,
  modelEdges,
  npyEdges,
  npzEdges,
  pngEdges,
  safetensorsEdges,
  textEdges,
  tfliteEdges,
  weightsNpzEdges,
} from './edges.ts';
import { type Reader, reader } from './harness.ts';
import { checkpoint } from './inputs/checkpoint.ts';
import { commandLine } from './inputs/command-line.ts';
import { gzip } from './inputs/gzip.ts';
import { hdf5, kerasH5 } from './inputs/hdf5.ts';
import { idxPair } from './inputs/idx.ts';
import { jpeg } from './inputs/jpeg.ts';
import { anyModel, keras } from './inputs/keras.ts';
import { kerasShards, readKerasShards } from './inputs/keras-shards.ts';
import { layersModel } from './inputs/layers-model.ts';
import { model } from './inputs/model.ts';
import { anyNpy } from './inputs/npy.ts';
import { npz } from './inputs/npz.ts';
import { png } from './inputs/png.ts';
import { safetensors } from './inputs/safetensors.ts';
import { savedRun } from './inputs/saved-run.ts';
import { study, studyCell } from './inputs/study.ts';
import { tflite } from './inputs/tflite.ts';
import { weightsNpz } from './inputs/weights-npz.ts';

/** Compiled before anything is measured. */
const jpegDecoder = await loadTurboJpeg();

const MB = 2 ** 20;
/** For what an engine allocates by itself now and then, in the middle of anything. */
const SLACK = 2 * MB;
/** Of what gunzip may give, in place of the 256 MB that it gives users, so that many bombs go off in a second. */
const GUNZIP_LIMIT = MB;
/** As deflate can't pack better, unpacked data is at most so many times as long (see data/file.ts). */
const DEFLATE_RATIO = 1032;

const expectThat = (holds: boolean, promise: string): void => {
  if (!holds) throw new Error(`not as promised: ${promise}`);
};

const size = (shape: readonly number[]): number =>
  shape.reduce((product, dimension) => product * dimension, 1);

const one = (file: fc.Arbitrary<Uint8Array>): fc.Arbitrary<[Uint8Array]> => fc.tuple(file);

const program = quiet(makeProgram());
/** Those that do something, and not those that only hold others. */
const commands = leavesOf(program);

export const readers: readonly Reader[] = [
  reader({
    name: 'idx',
    inputs: idxPair,
    read: (images, labels) => imageDataset(parseIdx(images, 3, 'images'), parseIdx(labels, 1, 'labels')),
    edges: idxEdges,
    errors: [DataError],
    memory: (bytes) => SLACK + 2 * bytes,
    check({ images, labels, height, width }) {
      expectThat(images.length === labels.length * height * width, 'one label an image');
    },
  }),
  reader({
    name: 'decode-idx',
    inputs: idxPair.map(([images]) => [images] as const),
    read: (bytes) => decodeIdx(bytes),
    errors: [DataError],
    // Numbers of one byte become no more, others eight.
    memory: (bytes) => SLACK + 10 * bytes,
    check: ({ shape, data }) => expectThat(data.length === size(shape), 'as many numbers as the shape says'),
  }),
  reader({
    name: 'gzip',
    inputs: one(gzip),
    read: (bytes) => (isGzip(bytes) ? gunzip(bytes, 'file.gz', GUNZIP_LIMIT) : null),
    says: (bytes) => Math.min(GUNZIP_LIMIT, DEFLATE_RATIO * bytes.length),
    edges: () => gzipEdges(GUNZIP_LIMIT),
    errors: [DataError],
    // zlib's own state, and an output that is grown by doubling.
    memory: (bytes) => SLACK + 3 * GUNZIP_LIMIT + DEFLATE_RATIO * bytes,
    check: (unpacked) =>
      expectThat(unpacked === null || unpacked.length <= GUNZIP_LIMIT, 'no more than the limit'),
  }),
  reader({
    name: 'npy',
    inputs: one(anyNpy),
    read: (bytes) => parseNpy(bytes, 'array.npy'),
    edges: npyEdges,
    errors: [DataError],
    memory: (bytes) => SLACK + 50 * bytes,
    check: ({ shape, data }) => expectThat(data.length === size(shape), 'as many numbers as the shape says'),
  }),
  reader({
    name: 'npz',
    inputs: one(npz),
    read: (bytes) => parseNpz(bytes, 'mnist.npz'),
    says: (bytes) => Math.min(MAX_BYTES, DEFLATE_RATIO * bytes.length),
    edges: npzEdges,
    errors: [DataError],
    // Four members; where a size can't be believed, a megabyte is given at first.
    memory: (bytes) => 4 * SLACK + DEFLATE_RATIO * bytes,
    check({ train, test }) {
      for (const { images, labels, height, width } of [train, test]) {
        expectThat(images.length === labels.length * height * width, 'one label an image');
      }
    },
  }),
  reader({
    name: 'png',
    inputs: one(png),
    read: (bytes) => prepareImages(bytes, 'image', { height: 28, width: 28 }, 'auto'),
    says: pixelsSaid,
    edges: pngEdges,
    errors: [DataError],
    // Pixels of one bit become four bytes, then one, and are looked at in another array or two.
    memory: (bytes) => 2 * SLACK + 80 * DEFLATE_RATIO * bytes,
    check(images) {
      for (const { image } of images) {
        expectThat(image.pixels.length === 28 * 28, 'an image of the size that was asked for');
      }
    },
  }),
  reader({
    name: 'decode-png',
    inputs: one(png),
    read: (bytes) => decodePng(bytes),
    says: pixelsSaid,
    errors: [DataError],
    // Unpacked in parts, which are then joined; four bytes per pixel, which may be a bit.
    memory: (bytes) => 2 * SLACK + 80 * DEFLATE_RATIO * bytes,
    check: ({ width, height, data }) =>
      expectThat(data.length === width * height * 4, 'as many pixels as the size says'),
  }),
  reader({
    name: 'image-of-one-pixel',
    inputs: one(png),
    read: (bytes) => prepareImages(bytes, 'image', { height: 1, width: 1 }, 'auto'),
    says: pixelsSaid,
    errors: [DataError],
    memory: (bytes) => 2 * SLACK + 80 * DEFLATE_RATIO * bytes,
    check(images) {
      for (const { image } of images) expectThat(image.pixels.length === 1, 'an image of one pixel');
    },
  }),
  reader({
    name: 'jpeg',
    inputs: one(jpeg),
    read: (bytes) => parseJpeg(bytes, 3, jpegDecoder, 'image.jpg'),
    says: jpegSaid,
    edges: jpegEdges,
    errors: [DataError],
    // A bit for 64 pixels at least: three bytes each as C has them, three as we do, twelve of coefficients; and the C program itself.
    memory: (bytes) => 8 * SLACK + 8 * 64 * 20 * bytes,
    check: ({ width, height, channels, data }) =>
      expectThat(data.length === width * height * channels, 'as many pixels as the size says'),
  }),
  reader({
    name: 'safetensors',
    inputs: one(safetensors),
    read: (bytes) => decodeSafetensors(bytes, 'model.safetensors'),
    edges: safetensorsEdges,
    errors: [FormatError],
    // The header as bytes, as text, parsed, and its keys in a set.
    memory: (bytes) => SLACK + 200 * bytes,
    check: ({ tensors }) => expectSoundTensors(tensors),
  }),
  reader({
    name: 'weights-npz',
    inputs: one(weightsNpz),
    read: (bytes) => decodeNpz(bytes, 'weights.npz'),
    says: (bytes) => Math.min(MAX_BYTES, DEFLATE_RATIO * bytes.length),
    edges: weightsNpzEdges,
    errors: [FormatError],
    // As for npz above.
    memory: (bytes) => 4 * SLACK + DEFLATE_RATIO * bytes,
    check: expectSoundTensors,
  }),
  reader({
    name: 'layers-model',
    inputs: layersModel,
    read: (json, weights) => decodeLayersModel(decodeUtf8(json, 'model.json'), weights),
    edges: layersModelEdges,
    errors: [FormatError],
    memory: (bytes) => 2 * SLACK + 200 * bytes,
    check: expectSoundWeights,
  }),
  reader({
    name: 'tflite',
    inputs: one(tflite),
    read: (bytes) => decodeTflite(bytes),
    // Whole numbers of one byte become float32, once in the reader and once in the model.
    says: (bytes) => 8 * bytes.length,
    edges: tfliteEdges,
    errors: [FormatError],
    memory: (bytes) => 4 * SLACK + 200 * bytes,
    check: expectSoundWeights,
  }),
  reader({
    name: 'hdf5',
    inputs: one(hdf5),
    read: (bytes) => readAll(openHdf5(bytes, 'x.h5')),
    says: (bytes) => DEFLATE_RATIO * bytes.length,
    edges: hdf5Edges,
    errors: [FormatError],
    memory: (bytes) => 4 * SLACK + DEFLATE_RATIO * bytes,
    check: (count) => expectThat(count >= 0, 'a number of elements'),
  }),
  reader({
    name: 'keras-h5',
    inputs: one(kerasH5),
    read: (bytes) => loadModel(bytes, { format: 'h5' }),
    errors: [FormatError],
    memory: (bytes) => 4 * SLACK + 200 * bytes,
    check: expectSoundWeights,
  }),
  reader({
    name: 'keras',
    inputs: one(keras),
    read: (bytes) => loadModel(bytes, { format: 'keras' }),
    errors: [FormatError],
    memory: (bytes) => 4 * SLACK + DEFLATE_RATIO * bytes,
    check: expectSoundWeights,
  }),
  reader({
    name: 'keras-shards',
    inputs: kerasShards,
    read: readKerasShards,
    errors: [FormatError],
    memory: (bytes) => 4 * SLACK + 200 * bytes,
    check: (tensors) =>
      expectThat(
        Array.from(tensors.values()).every(({ data }) => data.every(Number.isFinite)),
        'every weight finite',
      ),
  }),
  reader({
    name: 'any-model',
    inputs: one(anyModel),
    read: (bytes) => loadModel(bytes),
    errors: [FormatError],
    memory: (bytes) => 4 * SLACK + DEFLATE_RATIO * bytes,
    check: expectSoundWeights,
  }),
  reader({
    name: 'model',
    inputs: model,
    read: async (json, weights) => decodeModel(decodeUtf8(json, 'model.json'), weights),
    edges: modelEdges,
    errors: [FormatError],
    memory: (bytes) => 2 * SLACK + 200 * bytes,
    check: expectSoundWeights,
  }),
  reader({
    name: 'checkpoint',
    inputs: one(checkpoint),
    read: (bytes) => decodeCheckpoint(bytes, { threads: 0 }),
    errors: [FormatError],
    memory: (bytes) => 2 * SLACK + 200 * bytes,
    check: ({ model }) => expectSoundWeights(model),
  }),
  reader({
    name: 'run',
    inputs: one(checkpoint),
    read: (bytes) => parseTransferCheckpoint(bytes, 'checkpoint-000001.safetensors'),
    errors: [FormatError],
    memory: (bytes) => 2 * SLACK + 200 * bytes,
    check: ({ options }) => expectThat(Number.isSafeInteger(options.epochs), 'a whole number of epochs'),
  }),
  reader({
    name: 'saved-run',
    inputs: savedRun,
    read: (result, details) => parseSavedRun(result, details),
    errors: [FormatError],
    memory: (bytes) => SLACK + 200 * bytes,
    check(run) {
      const page = reportPage([{ name: run.result.engine, ...run }]);
      expectThat(
        !/<script|NaN|undefined/.test(page.replace(/(alt|aria-label)="[^"]*"|>[^<]*</g, '')),
        'a page',
      );
    },
  }),
  reader({
    name: 'study-cell',
    inputs: one(studyCell),
    read: (bytes) => parseCell(bytes, 'cell-000013.json'),
    errors: [FormatError],
    memory: (bytes) => SLACK + 200 * bytes,
    check({ study, index, figures }) {
      cellAt(study, index);
      const outcomes = [figures.source, ...Object.values(figures.conditions)];
      expectThat(
        outcomes.every(
          (outcome) => 'diverged' in outcome || !('test' in outcome) || outcome.test.accuracy <= 1,
        ),
        'accuracies are fractions',
      );
    },
  }),
  reader({
    name: 'study',
    inputs: one(study),
    read: (bytes) => parseStudy(bytes, 'study.json'),
    edges: () => textEdges(MAX_CELL_BYTES),
    errors: [FormatError],
    memory: (bytes) => SLACK + 200 * bytes,
    check: (study) => expectThat(faultOf(study) === null, 'a study that can be'),
  }),
  reader({
    name: 'command-line',
    inputs: commandLine(
      commands.map(nameOf),
      [program, ...commands].flatMap(({ options }) =>
        options.flatMap((option) => [option.long, option.short].filter((flag) => typeof flag === 'string')),
      ),
    ),
    read(...args) {
      let options: Record<string, unknown> = {};
      for (const command of commands) {
        command.action((...given: unknown[]) => {
          // Commander hands options and command to an action, after its arguments.
          options = given[given.length - 2] as Record<string, unknown>;
        });
      }
      const words = args.map((arg) => Buffer.from(arg).toString());
      try {
        for (const line of notesOf(() => program.parse(words, { from: 'user' }))) {
          expectThat(/^Note: [^\p{Cc}]*\n$/u.test(line), 'a note is one line');
        }
      } catch (error) {
        // Suggestions are on a line of their own, and what the user typed may be anything.
        if (error instanceof CommanderError) error.message = oneLine(error.message);
        throw error;
      }
      return options;
    },
    errors: [CommanderError],
    memory: (bytes) => SLACK + 4000 * bytes,
    check(options) {
      for (const [name, value] of Object.entries(options)) {
        expectThat(
          typeof value !== 'number' || (Number.isFinite(value) && value >= 0),
          `${name} is a number ≥ 0`,
        );
        expectThat(
          !['epochs', 'batchSize', 'seed', 'threads', 'seeds'].includes(name) || Number.isSafeInteger(value),
          `${name} is a whole number`,
        );
      }
    },
  }),
];

/** Bytes of red, green, blue and alpha that a PNG's header names, if they are allowed; a gzip file says what it could become. */
/** Three bytes per pixel, and two for each of its coefficients where all are kept until the last scan. */
function jpegSaid(bytes: Uint8Array): number {
  try {
    const { width, height } = readJpegHeader(bytes, 'image.jpg');
    return bytes.length + 9 * width * height;
  } catch {
    return bytes.length;
  }
}

function pixelsSaid(bytes: Uint8Array): number {
  if (isGzip(bytes)) return Math.min(MAX_BYTES, DEFLATE_RATIO * bytes.length);
  if (bytes.length < 24) return bytes.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const pixels = view.getUint32(16) * view.getUint32(20);
  return bytes.length + (pixels <= MAX_PIXELS ? 4 * pixels : 0);
}

/** All that a file has, of what is read; @returns how many numbers that was. */
function readAll(object: Hdf5Object, depth = 0): number {
  object.attribute('variable');
  const dataset = object.dataset();
  // What has a type or a filter that isn't read says so, and ends the whole.
  let count = dataset && !/^\/(big|text|fletcher|chunks)$/.test(object.path) ? dataset.read().length : 0;
  if (depth > 20) return count;
  for (const name of object.names) {
    const member = name === 'soft' ? null : object.get(name);
    if (member) count += readAll(member, depth + 1);
  }
  return count;
}

function expectSoundTensors(tensors: ReadonlyMap<string, Tensor>): void {
  for (const { data, shape } of tensors.values()) {
    expectThat(data.length === size(shape), 'as many numbers as the shape says');
    expectThat(
      data.every((value: number) => Number.isFinite(value)),
      'finite numbers',
    );
  }
}

function expectSoundWeights(model: Model): void {
  for (const { value, parameter } of model.parameters()) {
    expectThat(value.size === size(parameter.shape), 'as many weights as the layer has');
    expectThat(
      value.data.every((w: number) => Number.isFinite(w)),
      'finite weights',
    );
  }
}

/** The program without its voice. */
function quiet(command: Command): Command {
  command.configureOutput({ writeOut() {}, writeErr() {}, outputError() {} });
  for (const each of command.commands) quiet(each);
  return command;
}

/** What `work` writes to stderr, which stays quiet. */
function notesOf(work: () => void): string[] {
  const written: string[] = [];
  const { write } = process.stderr;
  process.stderr.write = (text: string | Uint8Array) => written.push(`${text}`) > 0;
  try {
    work();
  } finally {
    process.stderr.write = write;
  }
  return written;
}

function leavesOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

/** The words that lead to a command: `data fetch`. */
function nameOf(command: Command): string {
  const above = command.parent;
  return above?.parent ? `${nameOf(above)} ${command.name()}` : command.name();
}
