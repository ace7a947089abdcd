/** What `finetune` says, in English. */
export const finetuneEnglish = {
  readingBase: 'Reading the base …',
  base: (place: string, layer: string, size: string, numbers: string) =>
    `Base: ${place}, cut after ${layer}; photos at ${size} become ${numbers} features`,
  images: (folder: string, classes: string, train: string, test: string) =>
    `Photos: ${folder}, ${classes} classes; ${train} to train on, ${test} to test with`,
  preprocessing: {
    none: 'Pixels go in as they are, from 0 to 255.',
    unit: 'Pixels go in from 0 to 1.',
    tf: 'Pixels go in from −1 to 1.',
    torch: 'Pixels go in with the mean and the deviation of ImageNet (torch).',
    caffe: 'Pixels go in blue, green, red, less the mean of ImageNet (caffe).',
  },
  notKept:
    'Note: nothing of this run is kept: --out FOLDER keeps the model, a report, and what it takes to continue.',
  useIt: (model: string, run: string) => `Model: ${model}\nUse it: degelo predict ${run} PHOTO…`,
  without: (names: string) =>
    `Note: degelo doesn't have ${names}, with which thawed layers were made: they are trained without.`,
  skipped: (file: string, reason: string) =>
    `Left out: ${reason.startsWith(file) ? reason : `${file}: ${reason}`}`,
  inBothHalves: (count: string, of: string, file: string) =>
    `Note: photos of the test that are trained on too: ${count} of ${of}, such as ${file}. The test looks better than it is.`,
  inTwoClasses: (count: string, file: string, other: string) =>
    `Note: photos that are in two classes: ${count}, such as ${file}, which is ${other} too.`,
  features: 'Features',
  featuresDone: (photos: string, seconds: string, stored: string | null) =>
    `Features of ${photos} photos in ${seconds}${stored === null ? '' : `, ${stored} of them from before`}`,
  cellDone: (index: string, cells: string, photos: string, stored: string, seconds: string) =>
    `Cell ${index} of ${cells}: ${photos} photos in ${seconds}, ${stored} of them from before`,
  featuresKept: (folder: string, photos: string, stored: string, skipped: string) =>
    `Features of ${photos} photos are in ${folder}, ${stored} of them from before; ${skipped} files are no photos.\n` +
    `degelo features --merge joins all cells, degelo finetune --features ${folder} trains on them.`,
  featuresMerged: (file: string, photos: string, width: string, skipped: string) =>
    `${file}: ${width} features each of ${photos} photos; ${skipped} files were no photos.`,
  head: 'The head only, on frozen features',
  thawed: (count: string, first: string) =>
    count === '1'
      ? `Thawed: the layer ${first} is trained too`
      : `Thawed: ${count} layers from ${first} on are trained too`,
  still: 'batch normalisation stays still',
  kept: (photos: string, of: string) => `What the frozen layers give is kept of ${photos} of ${of} photos.`,
  goingOnFeatures: 'Going on with the features',
  goingOn: (phase: 'head' | 'thawed', epoch: string) =>
    `Going on with ${phase === 'head' ? 'the head' : 'the thawed layers'}: epoch ${epoch}`,

  headColumn: 'Head only',
  thawedColumn: 'Thawed too',
  learned: (classes: string, accuracy: string, test: string, seconds: string) =>
    `The head tells ${classes} classes apart with ${accuracy} accuracy on ${test} test photos, after ${seconds} of training.`,
  better: (points: string, accuracy: string) => `Thawing added ${points} points: ${accuracy}.`,
  worse: (points: string, accuracy: string) =>
    `Thawing lost ${points} points: ${accuracy}. The model before it is in head-model; a lower --thaw-learning-rate may help.`,
  same: (accuracy: string) => `Thawing changed nothing in that: ${accuracy}.`,
  majority: (share: string) => `Always naming the largest class would be right in ${share}.`,

  title: (classes: string) => `Fine-tuning on photos of ${classes} classes`,
  photoOf: (label: string) => `Photo of ${label}`,
  resultsCaption: 'Before and after thawing',
  resultsCaptionAlone: 'The head on frozen features',
  classesCaption: 'Photos of each class, and how many of the test were right',
  classColumn: 'Class',
  trainColumn: 'Training',
  testColumn: 'Test',
  rightColumn: 'Right',
  curvesLead:
    'Training figures are running means with dropout on. Test figures come after the epoch with dropout off, so they may be better.',
  confusionLead:
    'Test photos after the last epoch. Rows are the true classes, columns the predicted ones. Numbers outside the diagonal are mistakes: the darker, the larger their part of the row.',
  mistakesLead:
    'The test photos in which the right class got the least probability, with the likeliest classes.',
  skippedHeading: 'Files that were left out',
  skippedLead: (count: string) => `${count} files are no photos that could be read:`,
  baseOption: 'Base',
  baseHash: 'Base, SHA-256',
  cutOption: 'Cut after',
  widthOption: 'Features of a photo',
  sizeOption: 'Size of photos',
  preprocessOption: 'Preprocessing',
  hiddenOption: 'Hidden units',
  dropoutOption: 'Dropout',
  weightsOption: 'Class weights',
  thawOption: 'Thawed',
  thawEpochsOption: 'Epochs, thawed',
  thawRateOption: 'Learning rate, thawed',
  splitOption: 'Share for the test',
  featureTime: 'Time of the features',
  phaseEpochs: 'Epochs',
};
