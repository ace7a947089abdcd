/** What people read, in English. Numbers come in as text, in the manner of the language. */
import type { Phase } from '../../experiment/observer.ts';
import { finetuneEnglish } from './finetune-en.ts';

type PhaseName = Phase['name'];

export const english = {
  /** The language of the page, and for Intl. */
  locale: 'en',

  // While a run works.
  readingImages: 'Reading the images …',
  data: (source: string) => `Data: ${source}`,
  /** What was read, as loaders call it: `IDX files in data/mnist`. */
  sourceName: (source: string) => source,
  phase: (name: PhaseName, digits: string, frozen: boolean) =>
    `${name === 'source' ? 'Source' : 'Target'}: digits ${digits}, ` +
    (frozen ? 'classification layers only, features frozen' : 'all layers'),
  trainShape: (shape: string) => `x_train shape: ${shape}`,
  trainSamples: (count: number) => `${count} train samples`,
  testSamples: (count: number) => `${count} test samples`,
  epoch: (epoch: string, of: string) => `Epoch ${epoch}/${of}`,
  columns: { loss: 'loss', accuracy: 'accuracy', val_loss: 'val_loss', val_accuracy: 'val_accuracy' },
  seconds: 'seconds',
  eta: 'ETA',
  validating: 'validating',
  features: 'features',
  goingOn: (name: PhaseName, where: string) => `Going on with the ${name} digits: ${where}`,
  atEpoch: (epoch: string, of: string, samples: string | null) =>
    `epoch ${epoch}/${of}${samples === null ? '' : `, after ${samples} samples`}`,
  atItsTest: 'its test',
  trainingTime: 'Training time',
  testScore: 'Test score',
  testAccuracy: 'Test accuracy',

  // The model.
  model: (name: string) => `Model: ${name}`,
  layerColumns: ['Layer (type)', 'Output shape', 'Param #', 'Trainable'],
  batch: 'batch',
  yes: 'yes',
  frozen: 'frozen',
  someOf: (count: string) => `${count} of them`,
  totalParams: 'Total params',
  trainableParams: 'Trainable params',
  nonTrainableParams: 'Non-trainable params',

  // The closing table, and the sentences below it.
  allLayers: (digits: string) => `${digits}, all layers`,
  frozenFeatures: (digits: string) => `${digits}, frozen`,
  parametersTrained: 'Parameters trained',
  accuracyAfter: (epochs: number) => `Test accuracy after ${epochs === 1 ? '1 epoch' : `${epochs} epochs`}`,
  accuracyAtEnd: 'Test accuracy after the last epoch',
  accuracyByEpoch: 'Test accuracy, by epoch',
  testLoss: 'Test loss',
  lossByEpoch: 'Test loss, by epoch',
  timeOfFirst: 'Time of the first epoch',
  timeOfLater: 'Time of a later epoch',
  claim: (target: string, after: string, source: string, before: string, epochs: number) =>
    `After one epoch on frozen features, digits ${target} reach ${after} test accuracy; digits ${source} ` +
    `reached ${before} after ${epochs === 1 ? '1 full epoch' : `${epochs} full epochs`}`,
  pretrained: (cut: string, target: string, first: string, end: string, source: string, ofSource: string) =>
    `On the features of a pretrained network (its layer ${cut}), which stay frozen, classes ${source} reach ${ofSource} test accuracy; ` +
    `then classes ${target} reach ${first} after one epoch, and ${end} in the end.`,
  learnedTooLittle: 'the first phase itself learned too little to judge its features.',
  carryOver: 'the features carry over.',
  carryOverInPart: (points: string) => `${points} points less, so the features carry over only in part.`,
  noFaster: (to: string, from: string) => `A frozen epoch took ${to} instead of ${from}: no faster.`,
  faster: (to: string, from: string, times: string) =>
    `A frozen epoch took ${to} instead of ${from}, ${times} times faster.`,
  rateTooLow: (rate: string) =>
    `Note: a learning rate of ${rate} is too low for this experiment. The notebook compiles with the string ` +
    `'adadelta', which meant a rate of 1.0 when it was written and means 0.001 in tf.keras and Keras 3. ` +
    `With 0.001 a few epochs hardly move the weights, so the claim fails for want of training, not of good ` +
    `features. The default, 1.0, is the notebook's own.`,

  // Where a run left what it found.
  reportIn: (path: string) => `Report: ${path}`,

  /** What convert read and wrote: places with their formats, and what the new one holds. */
  converted: (from: string, to: string, tensors: string, parameters: string) =>
    `${from} → ${to}: ${tensors} tensors, ${parameters} parameters`,

  // What evaluate prints.
  evaluation: {
    data: (source: string, classes: string, samples: string, isOne: boolean) =>
      `Data: ${source}, classes ${classes}, ${samples} test ${isOne ? 'sample' : 'samples'}`,
    columns: ['Class', 'Samples', 'Accuracy', 'Confused with'],
  },

  // What predict draws.
  prediction: { inverted: '(inverted: the image is dark on light)' },

  // What data prints.
  dataSet: {
    images: 'Images',
    classColumn: 'Class',
    training: 'Training',
    test: 'Test',
    all: 'all',
    blank: (count: string, isOne: boolean) =>
      `${count} ${isOne ? 'image is' : 'images are'} blank: all pixels are the same`,
    shared: (count: string, isOne: boolean) =>
      `${count} test ${isOne ? 'image is' : 'images are'} among the training images too: this makes the test easier`,
    light: (count: string, isOne: boolean) =>
      `${count} ${isOne ? 'image is' : 'images are'} light at the border, where MNIST is dark: is it inverted?`,
    oneHalf: (label: string) => `Class ${label} is in one half only.`,
    isIn: (title: string, folder: string) => `${title} is in ${folder}: degelo transfer --data ${folder}`,
    networkIsIn: (title: string, licence: string, file: string) =>
      `${title} (${licence}) is in ${file}: degelo finetune --base ${file} --images FOLDER`,
  },

  // What page says.
  browserPage: {
    howToEnd: 'Open this address in a browser. Ctrl-C ends the server.',
    cantOpen: 'No browser could be opened from here: open the address yourself.',
  },

  // What a study prints.
  study: {
    conditions: {
      transfer: '(a) transfer: trained features, frozen',
      random: '(b) random features, frozen',
      scratch: '(c) from scratch, all layers',
      'fine-tune': '(d) fine-tune, nothing frozen',
      'new head': '(e) transfer, fresh classifier',
    },
    columns: ['After 1 epoch', 'At the end', 'Difference to (a) [95 %]', 'Time'],
    trainedOn: (source: string, target: string, rate: string) =>
      `Trained on ${source}, then on ${target}, learning rate ${rate}`,
    source: (epochs: number, accuracy: string, seeds: number) =>
      `Source digits, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}: test accuracy ${accuracy} over ${seeds} ` +
      `${seeds === 1 ? 'seed' : 'seeds'}`,
    target: (count: string, samples: string, steps: string, epochs: string) =>
      `Target digits, ${count} samples per digit (${samples} in all, ${steps} ${steps === '1' ? 'step' : 'steps'} in ` +
      `${epochs} ${epochs === '1' ? 'epoch' : 'epochs'})`,
    all: 'all',
    diverged: (diverged: number, of: number) => `${diverged} of ${of} diverged`,
    threads: (count: number) => `${count} ${count === 1 ? 'thread' : 'threads'}`,
    cost: (cells: number, total: string, each: string, kinds: string) =>
      `${cells} ${cells === 1 ? 'cell' : 'cells'} took ${total} in all, ${each} each (${kinds})`,
    /** What is trained at the moment, in a word or two. */
    training: {
      'source digits': 'source digits',
      transfer: 'transfer',
      random: 'random',
      scratch: 'scratch',
      'fine-tune': 'fine-tune',
      'new head': 'new head',
    },
    cell: (index: number, direction: 'forward' | 'reverse', rate: string, seed: number, samples: string) =>
      `cell ${index} (${direction}, learning rate ${rate}, seed ${seed}, ${samples} samples per digit)`,
    thereAlready: (name: string) => `${name}: there already`,
    doneAgain: (message: string) => `${message}: it is done again`,
    minutesLeft: (minutes: number) => `about ${minutes} min left`,
    goesOn: 'the same command continues',
  },

  // What finetune prints and draws.
  finetune: finetuneEnglish,

  // The page.
  page: {
    title: (source: string, target: string) => `Transfer learning: digits ${source}, then ${target}`,
    titleOfRuns: (count: number) => `Transfer learning: ${count} runs`,
    finished: (time: string) => `Finished ${time} (UTC)`,
    contents: 'Contents',

    results: 'Results',
    resultsCaption: 'The two phases side by side',
    measure: 'Measure',

    curves: 'Learning curves and time',
    curvesLead:
      'Both phases by epoch, one over the other. Training figures are running means with dropout on. Test figures come ' +
      'after the epoch with dropout off, so they may be better.',
    accuracy: 'Accuracy',
    loss: 'Loss',
    time: (unit: string) => `Time per epoch, in ${unit}`,
    training: 'training',
    testing: 'test',
    epochAxis: 'epoch',
    source: 'first phase, all layers',
    target: 'second phase, features frozen',
    curveAbout: (what: string, ends: string) => `${what} by epoch, training and test: ${ends}`,
    curveEnd: (phase: string, first: string, last: string) => `${phase}, test: from ${first} to ${last}`,
    barsAbout: (ends: string) => `Seconds of every epoch: ${ends}`,
    barsOf: (phase: string, first: string, later: string | null) =>
      later === null ? `${phase}: ${first}` : `${phase}: first ${first}, later ones ${later} on average`,
    numbers: 'The numbers of these figures',
    numbersCaption: 'Every epoch',
    someOf: (shown: string, all: string) => `${shown} of ${all} epochs, evenly spread`,
    epochColumn: 'Epoch',
    elapsed: 'Since the start',

    confusion: 'Confusion matrix',
    confusionLead:
      'Test samples after the last epoch of each phase. Rows are the true classes, columns the predicted ones. Numbers ' +
      'outside the diagonal are mistakes: the darker, the larger their part of the row.',
    confusionCaption: (phase: string, mistakes: string, samples: string) =>
      `${phase}: ${mistakes} of ${samples} test samples wrong`,
    isColumn: 'true',
    saidColumns: 'predicted',

    mistakes: 'The worst mistakes',
    mistakesLead:
      'The test samples in which the right class got the least probability, with the probability of each class.',
    noMistakes: 'None: every test sample was right.',
    notKept: 'There are mistakes, but their images are too large to be kept.',
    mistake: (label: string, predicted: string) => `${label}, predicted ${predicted}`,
    sample: (index: string) => `test sample ${index}`,
    imageOf: (label: string, index: string) => `Image of a ${label}, test sample ${index}`,
    probability: 'Probability',
    classColumn: 'Class',
    itIs: 'it is',

    filters: 'Filters and feature maps',
    filtersLead: (layer: string, size: string, count: string) =>
      `The ${count} filters of ${layer}, ${size} pixels each: before training, after the first phase, and the ` +
      `difference. The second phase doesn't change them. Grey is zero, white the largest weight of all, black its negative.`,
    before: 'Before training',
    after: 'After training',
    difference: 'Difference',
    filterSheet: (when: string, count: string, least: string, most: string) =>
      `${when}: ${count} filters, weights from ${least} to ${most}`,
    mapsLead: (label: string, index: string) =>
      `What the features see in a ${label}, test sample ${index} of the second phase: a digit on which they were never ` +
      `trained. Each small image is the output of one filter: the brighter, the stronger.`,
    mapsOf: (layer: string, count: string, size: string) =>
      `${layer}: ${count} feature maps of ${size} pixels`,
    swipe: 'Scroll sideways to see all columns →',
    filterNumbers: 'How far each filter moved',
    filterCaption: 'Length of each filter’s weights before and after, and how alike the two are (cosine)',
    filterColumn: 'Filter',
    lengthBefore: 'Before',
    lengthAfter: 'After',
    cosine: 'Cosine',

    layers: 'The model',
    layersCaption: (name: string) => `Layers of ${name}; the frozen part is marked`,
    inPhase: (phase: string) => `On ${phase}`,
    trained: 'trained',

    options: 'Options and versions',
    optionsCaption: 'Everything that decides the result, and what it ran on',
    option: 'Option',
    value: 'Value',
    engine: 'Engine',
    system: 'System',
    processor: 'Processor',
    cores: (count: string, cpu: string) => `${cpu}, ${count} cores`,
    dataSource: 'Data',
    dataHash: 'Data, SHA-256',
    reverse: 'Reversed',
    no: 'no',
    epochs: 'Epochs of each phase',
    batchSize: 'Batch size',
    learningRate: 'Learning rate',
    seed: 'Seed',
    threads: 'Threads',
    kernel: 'Kernel',
    convolution: 'Convolution',
    featureCache: 'Feature cache, MB',
    sourceSamples: 'First phase: training + test samples',
    targetSamples: 'Second phase: training + test samples',
    differs: 'differs',
    weightsHash: 'Weights, SHA-256',

    again: 'Run it again',
    againLead: 'With this command:',
    againSame: (hash: string) =>
      `The weights are the same to the last bit, SHA-256 ${hash}, whatever the number of threads and on every machine.`,
    againFma:
      'The fma kernel’s last bits depend on the machine, so another one may end with slightly other weights.',
  },
};

/** What every language has. */
export type Messages = typeof english;
