/** TensorFlow Lite's networks as models; formats/tflite/ has what is in the files. */
import { type Bytes, bytesOf } from '../../checks/handed-in.ts';
import { noMoreArguments } from '../../checks/options.ts';
import type { Output } from '../../formats/outputs.ts';
import { parseTflite } from '../../formats/tflite/network.ts';
import type { Model } from '../model.ts';
import type { Found } from './found.ts';
import { makeModel } from './make-model.ts';

/**
 * The network in a TensorFlow Lite file's bytes, as a graph of layers that can be cut, frozen, thawed, trained and saved like
 * any other; `loadModel(path)` opens the file:
 *
 *     const base = decodeTflite(bytes);
 *     const features = model({ inputs: base.input, outputs: base.getLayer('Logits_AvgPool').output });
 *
 * Quantised weights become float32, and so do all computations: no tensor is rounded, or cut off, to the range of its quantisation.
 * Where the file's input is uint8 or int8, a `rescaling` is first, and the model takes pixels from 0 to 255; where it is float32, it
 * takes what the file's network takes.
 * @throws FormatError, in one line, where the file is damaged, or has an operator that degelo lacks; TypeError for what are no bytes.
 */
export function decodeTflite(bytes: Bytes): Model {
  noMoreArguments('decodeTflite', arguments, 1);
  return readTflite(bytesOf('decodeTflite', bytes), 'model.tflite').model;
}

/**
 * The same with what was changed on the way, a line each.
 * @param file what messages call it
 * @throws FormatError as decodeTflite does.
 */
export function readTflite(bytes: Uint8Array, file: string, output: Output | null = null): Found {
  const { weights, quantized, takesPixels, ...config } = parseTflite(bytes, file, output);
  const remarks: string[] = [];
  if (quantized.length > 0) {
    remarks.push(
      `its weights (${quantized.join(', ')}) have become float32, and so is what it computes: results differ a little from those of a quantised network`,
    );
  }
  if (takesPixels) remarks.push('it takes pixels from 0 to 255: its first layer makes its own units of them');
  return { model: makeModel(config, weights, file), remarks };
}
