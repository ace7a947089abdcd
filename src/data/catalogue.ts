/** Data sets and networks that are known by name: where they can be had, and the SHA-256 of each file, by which it is known again. */

/** A file of a data set, gzipped as its makers publish it, or of a network. */
export interface PublishedFile {
  readonly name: string;
  readonly sha256: string;
}

export interface PublishedDataSet {
  readonly title: string;
  /** Absent: images for --data; else a network for `finetune --base`, with its licence. */
  readonly network?: { readonly licence: string };
  /** Addresses to which a file's name is added; the first that has the right file serves. */
  readonly mirrors: readonly string[];
  readonly files: readonly PublishedFile[];
}

const NAMES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
];

/** At one commit, which holds the licence's text too. */
const CORAL =
  'https://raw.githubusercontent.com/google-coral/test_data/104342d2d3480b3e66203073dac24f4e2dbb4c41/';

/** Mirrors are those of PyTorch and TensorFlow (MNIST), and of its makers and Keras (Fashion-MNIST). */
export const CATALOGUE: ReadonlyMap<string, PublishedDataSet> = new Map<string, PublishedDataSet>([
  [
    'mnist',
    {
      title: 'MNIST',
      mirrors: [
        'https://ossci-datasets.s3.amazonaws.com/mnist/',
        'https://storage.googleapis.com/cvdf-datasets/mnist/',
      ],
      files: withNames([
        '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
        '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
        '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
        'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      ]),
    },
  ],
  [
    'fashion-mnist',
    {
      title: 'Fashion-MNIST',
      mirrors: [
        'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
        'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
      ],
      files: withNames([
        '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
        'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
        '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
        '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
      ]),
    },
  ],
  [
    'mobilenet-v2',
    network(
      'MobileNetV2',
      'mobilenet_v2_1.0_224_quant.tflite',
      '7aad0c74c5e3c06e5eb3c827e13304fdd68a83da6087d92ee169c24ff9fd4776',
    ),
  ],
  [
    'mobilenet-v1',
    network(
      'MobileNetV1 0.25',
      'mobilenet_v1_0.25_128_quant.tflite',
      'cb273c23ee76374b05b9583177e28aa19744858a7679c56a250e83d0333da785',
    ),
  ],
]);

/** A network of google-coral/test_data, trained on ImageNet, at one commit. */
function network(title: string, name: string, sha256: string): PublishedDataSet {
  return { title, network: { licence: 'Apache-2.0' }, mirrors: [CORAL], files: [{ name, sha256 }] };
}

/** MNIST and Fashion-MNIST have the same names for their files. */
function withNames(hashes: readonly string[]): PublishedFile[] {
  return hashes.map((sha256, i) => ({ name: NAMES[i], sha256 }));
}
