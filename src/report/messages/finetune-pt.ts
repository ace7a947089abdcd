/** O mesmo em português do Brasil. */
import type { finetuneEnglish } from './finetune-en.ts';

export const finetunePortuguese: typeof finetuneEnglish = {
  readingBase: 'Lendo a base …',
  base: (place, layer, size, numbers) =>
    `Base: ${place}, cortada depois de ${layer}; fotos de ${size} viram ${numbers} características`,
  images: (folder, classes, train, test) =>
    `Fotos: ${folder}, ${classes} classes; ${train} de treino, ${test} de teste`,
  preprocessing: {
    none: 'Os pixels entram como são, de 0 a 255.',
    unit: 'Os pixels entram de 0 a 1.',
    tf: 'Os pixels entram de −1 a 1.',
    torch: 'Os pixels entram com a média e o desvio da ImageNet (torch).',
    caffe: 'Os pixels entram em azul, verde, vermelho, menos a média da ImageNet (caffe).',
  },
  notKept:
    'Nota: nada desta execução fica guardado: --out PASTA guarda o modelo, um relatório e o que é preciso para continuar.',
  useIt: (model, run) => `Modelo: ${model}\nPara usar: degelo predict ${run} FOTO…`,
  without: (names) =>
    `Nota: o degelo não tem ${names}, com que camadas descongeladas foram feitas: elas treinam sem isso.`,
  skipped: (file, reason) => `Fica de fora: ${reason.startsWith(file) ? reason : `${file}: ${reason}`}`,
  inBothHalves: (count, of, file) =>
    `Nota: fotos do teste que também são de treino: ${count} de ${of}, como ${file}. O teste parece melhor do que é.`,
  inTwoClasses: (count, file, other) =>
    `Nota: fotos que estão em duas classes: ${count}, como ${file}, que é também ${other}.`,
  features: 'Características',
  featuresDone: (photos, seconds, stored) =>
    `Características de ${photos} fotos em ${seconds}${stored === null ? '' : `, ${stored} delas de antes`}`,
  cellDone: (index, cells, photos, stored, seconds) =>
    `Célula ${index} de ${cells}: ${photos} fotos em ${seconds}, ${stored} delas de antes`,
  featuresKept: (folder, photos, stored, skipped) =>
    `As características de ${photos} fotos estão em ${folder}, ${stored} delas de antes; ${skipped} arquivos não são fotos.\n` +
    `degelo features --merge junta todas as células, degelo finetune --features ${folder} treina com elas.`,
  featuresMerged: (file, photos, width, skipped) =>
    `${file}: ${width} características de cada uma de ${photos} fotos; ${skipped} arquivos não eram fotos.`,
  head: 'Só a cabeça, sobre características congeladas',
  thawed: (count, first) =>
    count === '1'
      ? `Descongelada: a camada ${first} também treina`
      : `Descongeladas: ${count} camadas a partir de ${first} também treinam`,
  still: 'a normalização em lote fica parada',
  kept: (photos, of) => `O que as camadas congeladas dão fica guardado para ${photos} de ${of} fotos.`,
  goingOnFeatures: 'Retomando as características',
  goingOn: (phase, epoch) =>
    `Retomando ${phase === 'head' ? 'a cabeça' : 'as camadas descongeladas'}: época ${epoch}`,

  headColumn: 'Só a cabeça',
  thawedColumn: 'Com descongeladas',
  learned: (classes, accuracy, test, seconds) =>
    `A cabeça distingue ${classes} classes com ${accuracy} de acurácia em ${test} fotos de teste, depois de ${seconds} de treino.`,
  better: (points, accuracy) => `Descongelar acrescentou ${points} pontos: ${accuracy}.`,
  worse: (points, accuracy) =>
    `Descongelar tirou ${points} pontos: ${accuracy}. O modelo de antes está em head-model; um --thaw-learning-rate menor pode ajudar.`,
  same: (accuracy) => `Descongelar não mudou isso: ${accuracy}.`,
  majority: (share) => `Dizer sempre a maior classe acertaria ${share}.`,

  title: (classes) => `Ajuste fino em fotos de ${classes} classes`,
  photoOf: (label) => `Foto de ${label}`,
  resultsCaption: 'Antes e depois de descongelar',
  resultsCaptionAlone: 'A cabeça sobre características congeladas',
  classesCaption: 'Fotos de cada classe, e quantas do teste foram acertadas',
  classColumn: 'Classe',
  trainColumn: 'Treino',
  testColumn: 'Teste',
  rightColumn: 'Certas',
  curvesLead:
    'As medidas de treino são médias correntes, com dropout. As de teste vêm depois da época, sem dropout, e por isso podem ser melhores.',
  confusionLead:
    'Fotos de teste depois da última época. Linhas são as classes verdadeiras, colunas as previstas. Números fora da diagonal são erros: quanto mais escuros, maior a sua parte da linha.',
  mistakesLead:
    'As fotos de teste em que a classe certa teve a menor probabilidade, com as classes mais prováveis.',
  skippedHeading: 'Arquivos que ficaram de fora',
  skippedLead: (count) => `${count} arquivos não são fotos que possam ser lidas:`,
  baseOption: 'Base',
  baseHash: 'Base, SHA-256',
  cutOption: 'Cortada depois de',
  widthOption: 'Características de uma foto',
  sizeOption: 'Tamanho das fotos',
  preprocessOption: 'Pré-processamento',
  hiddenOption: 'Unidades ocultas',
  dropoutOption: 'Dropout',
  weightsOption: 'Pesos das classes',
  thawOption: 'Descongeladas',
  thawEpochsOption: 'Épocas, descongeladas',
  thawRateOption: 'Taxa de aprendizado, descongeladas',
  splitOption: 'Parte para o teste',
  featureTime: 'Tempo das características',
  phaseEpochs: 'Épocas',
};
