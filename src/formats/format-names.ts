/** The formats of whole models, by the words that the command line and `loadModel` have for them. */
export const MODEL_FORMATS = ['degelo', 'tfjs', 'keras', 'h5', 'tflite'] as const;
/** A format of whole models: `'degelo'`, `'tfjs'` (TensorFlow.js' LayersModel), `'keras'` and `'h5'` (Keras' own), `'tflite'` (TensorFlow Lite). */
export type ModelFormat = (typeof MODEL_FORMATS)[number];

/** The parts of a model of Keras 3: members of a .keras file, or files of a folder. */
export const KERAS_CONFIG = 'config.json';
export const KERAS_METADATA = 'metadata.json';
export const KERAS_WEIGHTS = 'model.weights.h5';
