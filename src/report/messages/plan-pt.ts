/** What `degelo summary --plan` prints, in Portuguese: texts of model/summary.ts, and of what layers say that they do. */
const WORDS: Readonly<Record<string, string>> = {
  Stage: 'Etapa',
  Forward: 'Na ida',
  'Gradients backward': 'Gradientes na volta',
  'Kept for backward': 'Guardado para a volta',
  none: 'nenhum',
  nothing: 'nada',
  weights: 'pesos',
  input: 'entrada',
  'input (where not 0)': 'entrada (onde não é 0)',
  output: 'saída',
  'sparse walk': 'sem os zeros',
  'once per sample, then cached': 'uma vez por amostra, depois vem do cache',
  probabilities: 'probabilidades',
  loss: 'perda',
  'place of the maximum': 'lugar do máximo',
  'place of the minimum': 'lugar do mínimo',
  activation: 'ativação',
  brightness: 'brilho',
  contrast: 'contraste',
  convolution: 'convolução',
  copy: 'cópia',
  'depthwise convolution': 'convolução por canal',
  difference: 'diferença',
  draws: 'sorteios',
  flip: 'espelho',
  interpolation: 'interpolação',
  mask: 'máscara',
  'matrix product': 'produto de matrizes',
  maximum: 'máximo',
  'maximum of each channel': 'máximo de cada canal',
  mean: 'média',
  'mean of each channel': 'média de cada canal',
  minimum: 'mínimo',
  noise: 'ruído',
  normalisation: 'normalização',
  'normalisation by the batch': 'normalização pelo lote',
  'normalisation by the sample': 'normalização pela amostra',
  product: 'produto',
  rotation: 'rotação',
  scaling: 'escala',
  'separable convolution': 'convolução separável',
  sum: 'soma',
  'transposed convolution': 'convolução transposta',
  translation: 'translação',
  'Winograd convolution': 'convolução de Winograd',
  zoom: 'zoom',
};

const TRAINING_ONLY = ' (training only)';
const CUT =
  /^(The first )?([\d,]+) stages? (?:is|are) frozen and deterministic: ([\d,]+) features \(([\d,]+) KB\) a sample are computed once and kept(.*)$/;

const LARGE_TILES = 'predict computes by Winograd';

/** A text of the plan in Portuguese; names, such as a loss's or a layer class's, stay as they are. */
export function planInPortuguese(english: string): string {
  if (Object.hasOwn(WORDS, english)) return WORDS[english];
  if (english.startsWith(LARGE_TILES)) return english.replace(LARGE_TILES, 'predict calcula por Winograd');
  const cut = CUT.exec(english);
  if (!cut) return english.split(', ').map(word).join(', ');
  const [, first, stages, features, kilobytes, names] = cut;
  const isOne = stages === '1';
  const which = `${first ? (isOne ? 'A primeira' : `As primeiras ${stages}`) : stages} ${isOne ? 'etapa' : 'etapas'}`;
  const are = isOne ? 'está congelada e é determinística' : 'estão congeladas e são determinísticas';
  const number = features.replaceAll(',', '.');
  return `${which} ${are}: ${number} características (${kilobytes} KB) por amostra são calculadas uma vez e guardadas${names}`;
}

function word(english: string): string {
  if (english.endsWith(TRAINING_ONLY)) {
    return `${word(english.slice(0, -TRAINING_ONLY.length))} (só no treino)`;
  }
  return Object.hasOwn(WORDS, english) ? WORDS[english] : english;
}
