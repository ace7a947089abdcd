/** The same in Brazilian Portuguese, the notebook's language. */
import type { Messages } from './en.ts';
import { finetunePortuguese } from './finetune-pt.ts';

const DATA_SETS: readonly (readonly [RegExp, string])[] = [
  [/^npm package /, 'pacote npm '],
  [/^IDX files in /, 'arquivos IDX em '],
  [/^photos in /, 'fotos em '],
];
const sourceName = (source: string): string =>
  DATA_SETS.reduce((text, [english, ours]) => text.replace(english, ours), source);

export const portuguese: Messages = {
  locale: 'pt-BR',

  readingImages: 'Lendo as imagens …',
  data: (source) => `Dados: ${sourceName(source)}`,
  sourceName,
  phase: (name, digits, frozen) =>
    `${name === 'source' ? 'Origem' : 'Destino'}: dígitos ${digits}, ` +
    (frozen ? 'só as camadas de classificação, características congeladas' : 'todas as camadas'),
  trainShape: (shape) => `formato de x_train: ${shape}`,
  trainSamples: (count) => `${count} amostras de treino`,
  testSamples: (count) => `${count} amostras de teste`,
  epoch: (epoch, of) => `Época ${epoch}/${of}`,
  columns: { loss: 'perda', accuracy: 'acurácia', val_loss: 'val_perda', val_accuracy: 'val_acurácia' },
  seconds: 'segundos',
  eta: 'faltam',
  validating: 'validando',
  features: 'características',
  goingOn: (name, where) => `Retomando os dígitos de ${name === 'source' ? 'origem' : 'destino'}: ${where}`,
  atEpoch: (epoch, of, samples) =>
    `época ${epoch}/${of}${samples === null ? '' : `, depois de ${samples} amostras`}`,
  atItsTest: 'o teste',
  trainingTime: 'Tempo de treino',
  testScore: 'Perda no teste',
  testAccuracy: 'Acurácia no teste',

  model: (name) => `Modelo: ${name}`,
  layerColumns: ['Camada (tipo)', 'Formato da saída', 'Parâmetros', 'Treinável'],
  batch: 'lote',
  yes: 'sim',
  frozen: 'congelada',
  someOf: (count: string) => `${count} deles`,
  totalParams: 'Total de parâmetros',
  trainableParams: 'Parâmetros treináveis',
  nonTrainableParams: 'Parâmetros não treináveis',

  allLayers: (digits) => `${digits}, tudo`,
  frozenFeatures: (digits) => `${digits}, congelado`,
  parametersTrained: 'Parâmetros treinados',
  accuracyAfter: (epochs) => `Acurácia no teste após ${epochs === 1 ? '1 época' : `${epochs} épocas`}`,
  accuracyAtEnd: 'Acurácia no teste após a última época',
  accuracyByEpoch: 'Acurácia no teste, por época',
  testLoss: 'Perda no teste',
  lossByEpoch: 'Perda no teste, por época',
  timeOfFirst: 'Tempo da primeira época',
  timeOfLater: 'Tempo de uma época seguinte',
  claim: (target, after, source, before, epochs) =>
    `Após uma época sobre características congeladas, os dígitos ${target} chegam a ${after} de acurácia no teste; ` +
    `os dígitos ${source} chegaram a ${before} após ${epochs === 1 ? '1 época completa' : `${epochs} épocas completas`}`,
  pretrained: (cut, target, first, end, source, ofSource) =>
    `Sobre as características de uma rede pré-treinada (sua camada ${cut}), que ficam congeladas, as classes ${source} chegam a ${ofSource} de ` +
    `acurácia no teste; depois, as classes ${target} chegam a ${first} após uma época, e a ${end} no fim.`,
  learnedTooLittle: 'a primeira fase aprendeu pouco demais para que se julguem suas características.',
  carryOver: 'as características se transferem.',
  carryOverInPart: (points) => `${points} pontos a menos; as características se transferem só em parte.`,
  noFaster: (to, from) => `Uma época congelada levou ${to} em vez de ${from}: não foi mais rápida.`,
  faster: (to, from, times) =>
    `Uma época congelada levou ${to} em vez de ${from}, ${times} vezes mais rápida.`,
  rateTooLow: (rate) =>
    `Nota: uma taxa de aprendizado de ${rate} é baixa demais para este experimento. O notebook compila com a string ` +
    `'adadelta', que significava uma taxa de 1,0 quando foi escrito e significa 0,001 no tf.keras e no Keras 3. ` +
    `Com 0,001 algumas épocas mal movem os pesos, e a hipótese falha por falta de treino, não de boas ` +
    `características. O padrão, 1,0, é o do próprio notebook.`,

  reportIn: (path) => `Relatório: ${path}`,

  converted: (from, to, tensors, parameters) =>
    `${from} → ${to}: ${tensors} tensores, ${parameters} parâmetros`,

  evaluation: {
    data: (source, classes, samples, isOne) =>
      `Dados: ${sourceName(source)}, classes ${classes}, ${samples} ${isOne ? 'amostra' : 'amostras'} de teste`,
    columns: ['Classe', 'Amostras', 'Acurácia', 'Confundida com'],
  },

  prediction: { inverted: '(invertida: a imagem é escura sobre claro)' },

  dataSet: {
    images: 'Imagens',
    classColumn: 'Classe',
    training: 'Treino',
    test: 'Teste',
    all: 'todas',
    blank: (count, isOne) =>
      `${count} ${isOne ? 'imagem está' : 'imagens estão'} em branco: todos os pixels são iguais`,
    shared: (count, isOne) =>
      `${count} ${isOne ? 'imagem de teste está' : 'imagens de teste estão'} também entre as de treino: isso ` +
      `facilita o teste`,
    light: (count, isOne) =>
      `${count} ${isOne ? 'imagem tem' : 'imagens têm'} borda clara, onde a do MNIST é escura: estão invertidas?`,
    oneHalf: (label) => `A classe ${label} está só em uma das metades.`,
    isIn: (title, folder) => `${title} está em ${folder}: degelo transfer --data ${folder}`,
    networkIsIn: (title, licence, file) =>
      `${title} (${licence}) está em ${file}: degelo finetune --base ${file} --images PASTA`,
  },

  browserPage: {
    howToEnd: 'Abra este endereço num navegador. Ctrl-C encerra o servidor.',
    cantOpen: 'Nenhum navegador pôde ser aberto daqui: abra você mesmo o endereço.',
  },

  study: {
    conditions: {
      transfer: '(a) transferência: características treinadas, congeladas',
      random: '(b) características aleatórias, congeladas',
      scratch: '(c) do zero, todas as camadas',
      'fine-tune': '(d) ajuste fino, nada congelado',
      'new head': '(e) transferência, classificador novo',
    },
    columns: ['Após 1 época', 'No fim', 'Diferença para (a) [95 %]', 'Tempo'],
    trainedOn: (source, target, rate) =>
      `Treino em ${source}, depois em ${target}, taxa de aprendizado ${rate}`,
    source: (epochs, accuracy, seeds) =>
      `Dígitos de origem, ${epochs} ${epochs === 1 ? 'época' : 'épocas'}: acurácia no teste ${accuracy} em ${seeds} ` +
      `${seeds === 1 ? 'semente' : 'sementes'}`,
    target: (count, samples, steps, epochs) =>
      `Dígitos de destino, ${count} amostras por dígito (${samples} no total, ${steps} ` +
      `${steps === '1' ? 'passo' : 'passos'} em ${epochs} ${epochs === '1' ? 'época' : 'épocas'})`,
    all: 'todas as',
    diverged: (diverged, of) => `${diverged} de ${of} divergiram`,
    threads: (count) => (count === 1 ? 'uma thread' : `${count} threads`),
    cost: (cells, total, each, kinds) =>
      `${cells} ${cells === 1 ? 'célula levou' : 'células levaram'} ${total} no total, ${each} cada (${kinds})`,
    training: {
      'source digits': 'dígitos de origem',
      transfer: 'transferência',
      random: 'aleatório',
      scratch: 'do zero',
      'fine-tune': 'ajuste fino',
      'new head': 'classificador novo',
    },
    cell: (index, direction, rate, seed, samples) =>
      `célula ${index} (ordem ${direction === 'reverse' ? 'inversa' : 'direta'}, taxa de aprendizado ${rate}, semente ${seed}, ${samples} amostras por dígito)`,
    thereAlready: (name) => `${name}: já está lá`,
    doneAgain: (message) => `${message}: é feita de novo`,
    minutesLeft: (minutes) => `faltam uns ${minutes} min`,
    goesOn: 'o mesmo comando continua',
  },

  finetune: finetunePortuguese,

  page: {
    title: (source, target) => `Transferência de aprendizado: dígitos ${source}, depois ${target}`,
    titleOfRuns: (count) => `Transferência de aprendizado: ${count} execuções`,
    finished: (time) => `Concluída em ${time} (UTC)`,
    contents: 'Conteúdo',

    results: 'Resultados',
    resultsCaption: 'As duas fases lado a lado',
    measure: 'Medida',

    curves: 'Curvas de aprendizado e tempo',
    curvesLead:
      'As duas fases por época, uma sobre a outra. As medidas de treino são médias correntes com dropout ativo. As de ' +
      'teste vêm depois da época, sem dropout, e podem por isso ser melhores.',
    accuracy: 'Acurácia',
    loss: 'Perda',
    time: (unit) => `Tempo por época, em ${unit}`,
    training: 'treino',
    testing: 'teste',
    epochAxis: 'época',
    source: 'primeira fase, todas as camadas',
    target: 'segunda fase, características congeladas',
    curveAbout: (what, ends) => `${what} por época, treino e teste: ${ends}`,
    curveEnd: (phase, first, last) => `${phase}, teste: de ${first} a ${last}`,
    barsAbout: (ends) => `Segundos de cada época: ${ends}`,
    barsOf: (phase, first, later) =>
      later === null ? `${phase}: ${first}` : `${phase}: primeira ${first}, seguintes ${later} em média`,
    numbers: 'Os números destas figuras',
    numbersCaption: 'Todas as épocas',
    someOf: (shown, all) => `${shown} de ${all} épocas, espaçadas por igual`,
    epochColumn: 'Época',
    elapsed: 'Desde o início',

    confusion: 'Matriz de confusão',
    confusionLead:
      'Amostras de teste após a última época de cada fase. As linhas são as classes verdadeiras, as colunas as previstas. ' +
      'Os números fora da diagonal são erros, de cor mais forte quanto maior a parte da linha.',
    confusionCaption: (phase, mistakes, samples) =>
      `${phase}: ${mistakes} de ${samples} amostras de teste erradas`,
    isColumn: 'real',
    saidColumns: 'previsto',

    mistakes: 'Os piores erros',
    mistakesLead:
      'As amostras de teste em que a classe certa recebeu a menor probabilidade, com a probabilidade de cada classe.',
    noMistakes: 'Nenhum: todas as amostras de teste estão certas.',
    notKept: 'Há erros, mas suas imagens são grandes demais para ser guardadas.',
    mistake: (label, predicted) => `${label}, previsto ${predicted}`,
    sample: (index) => `amostra de teste ${index}`,
    imageOf: (label, index) => `Imagem de um ${label}, amostra de teste ${index}`,
    probability: 'Probabilidade',
    classColumn: 'Classe',
    itIs: 'é este',

    filters: 'Filtros e mapas de características',
    filtersLead: (layer, size, count) =>
      `Os ${count} filtros de ${layer}, de ${size} pixels: antes do treino, depois da primeira fase, e a diferença. ` +
      `A segunda fase não os muda. Cinza é zero, branco o maior peso de todos, preto o seu oposto.`,
    before: 'Antes do treino',
    after: 'Depois do treino',
    difference: 'Diferença',
    filterSheet: (when, count, least, most) => `${when}: ${count} filtros, pesos de ${least} a ${most}`,
    mapsLead: (label, index) =>
      `O que as características veem em um ${label}, amostra de teste ${index} da segunda fase: um dígito em que nunca ` +
      `foram treinadas. Cada pequena imagem é a saída de um filtro: quanto mais clara, mais forte.`,
    mapsOf: (layer, count, size) => `${layer}: ${count} mapas de características de ${size} pixels`,
    swipe: 'Role para o lado para ver todas as colunas →',
    filterNumbers: 'Quanto cada filtro mudou',
    filterCaption:
      'Comprimento dos pesos de cada filtro antes e depois, e quanto os dois se parecem (cosseno)',
    filterColumn: 'Filtro',
    lengthBefore: 'Antes',
    lengthAfter: 'Depois',
    cosine: 'Cosseno',

    layers: 'O modelo',
    layersCaption: (name) => `Camadas de ${name}; a parte congelada está marcada`,
    inPhase: (phase) => `Em ${phase}`,
    trained: 'treinada',

    options: 'Opções e versões',
    optionsCaption: 'Tudo o que decide o resultado, e onde rodou',
    option: 'Opção',
    value: 'Valor',
    engine: 'Motor',
    system: 'Sistema',
    processor: 'Processador',
    cores: (count, cpu) => `${cpu}, ${count} núcleos`,
    dataSource: 'Dados',
    dataHash: 'Dados, SHA-256',
    reverse: 'Invertido',
    no: 'não',
    epochs: 'Épocas de cada fase',
    batchSize: 'Tamanho do lote',
    learningRate: 'Taxa de aprendizado',
    seed: 'Semente',
    threads: 'Threads',
    kernel: 'Kernel',
    convolution: 'Convolução',
    featureCache: 'Cache de características, MB',
    sourceSamples: 'Primeira fase: amostras de treino + teste',
    targetSamples: 'Segunda fase: amostras de treino + teste',
    differs: 'difere',
    weightsHash: 'Pesos, SHA-256',

    again: 'Rodar de novo',
    againLead: 'Com este comando:',
    againSame: (hash) =>
      `Os pesos são os mesmos até o último bit, SHA-256 ${hash}, com qualquer número de threads e em qualquer máquina.`,
    againFma:
      'Os últimos bits do kernel fma dependem da máquina; outra pode terminar com pesos ligeiramente diferentes.',
  },
};
