/** The formats of whole models, by the words that the command line and `loadModel` have for them. */
export const MODEL_FORMATS = ['degelo', 'tfjs'] as const;
/** A format of whole models: `'degelo'`, or `'tfjs'` for TensorFlow.js' LayersModel. */
export type ModelFormat = (typeof MODEL_FORMATS)[number];
