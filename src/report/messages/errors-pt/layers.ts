/** What layers and checks of single values say, of a file's contents too. */
import { linesOf } from '../translator.ts';

export const LAYERS = linesOf(`
at least {} and finite
  pelo menos {} e finito
at least {} and below {}
  pelo menos {} e abaixo de {}
above {}
  maior que {}
one number or two
  um número ou dois
one number or two per side
  um número ou dois por lado
one number or [lower, upper]
  um número ou [menor, maior]
a string that isn't empty
  um texto que não seja vazio
must be one of {}, got {} (did you mean '{}'?)
  deve ser um de {}, recebido {} (seria '{}'?)
{} must be one of {}, got {} (did you mean '{}'?)
  {} deve ser um de {}, recebido {} (seria '{}'?)
'bilinear' with antialias: true, or 'nearest' for larger images
  'bilinear' com antialias: true, ou 'nearest' para imagens maiores
{} must be one of {}, got {}: use {*}
  {} deve ser um de {}, recebido {}: use {}
{*}: registerLoss makes one of your own known, in a module to be imported first: docs/extending.md
  {}: registerLoss torna conhecida uma sua, em um módulo a ser importado antes: docs/extending.md
{*}: registerMetric makes one of your own known, in a module to be imported first: docs/extending.md
  {}: registerMetric torna conhecida uma sua, em um módulo a ser importado antes: docs/extending.md
{*}: registerOptimizer makes one of your own known, in a module to be imported first: docs/extending.md
  {}: registerOptimizer torna conhecido um seu, em um módulo a ser importado antes: docs/extending.md
{*}: registerLayer makes one of your own known, in a module to be imported first: docs/extending.md
  {}: registerLayer torna conhecida uma sua, em um módulo a ser importado antes: docs/extending.md
{} must be from 0 to 1, got {}
  {} deve ser de 0 a 1, recebido {}
{} compares the outputs of a sample with one another: expected more than one, got 1: use {} or {}
  {} compara as saídas de uma amostra entre si: esperada mais de uma, recebida 1: use {} ou {}
alpha must be one number, or one per class: expected {}, got {*}
  alpha deve ser um número, ou um por classe: esperados {}, recebido: {}
an array of sizes, without the batch
  uma lista de tamanhos, sem o lote
{} must have known sizes, and none for the batch, got {*}
  {} deve ter tamanhos conhecidos, e nenhum para o lote, recebido: {}
{} must not be null: leave it out to take its default
  {} não pode ser null: deixe de fora para usar o padrão
unknown option {} (did you mean {}?): {*}
  opção desconhecida {} (seria {}?): {}
unknown option {}: {*}
  opção desconhecida {}: {}
it takes no options
  não tem opções
{} has no option {}: expected {*}
  {} não tem a opção {}: esperado {}
{} must be from -1 to 1, the lower bound first, got {}
  {} deve ser de -1 a 1, o limite menor primeiro, recebido: {}
{} must be at least 0, or [lower, upper], got {}
  {} deve ser pelo menos 0, ou [menor, maior], recebido: {}
[lower, upper]
  [menor, maior]
valueRange must have the lower bound first, got {}
  valueRange deve ter o limite menor primeiro, recebido: {}
outputPadding must be less than the stride: expected below {}, got {}
  outputPadding deve ser menor que strides: esperado abaixo de {}, recebido: {}
outputPadding must leave the strided size: expected {} windows of an output of {}, got {}
  outputPadding deve manter o tamanho com strides: esperadas {} janelas de uma saída de {}, recebidas {}
noiseShape must be the batch and then 1, null or the size of each dimension of {}, got {}
  noiseShape deve ser o lote e depois 1, null ou o tamanho de cada dimensão de {}, recebido: {}
noiseShape must be an array, the batch first, got {*}
  noiseShape deve ser uma lista, com o lote primeiro, recebido: {}
noiseShape must be null or 1 for the batch, then integers ≥ 1 or null, got {*}
  noiseShape deve ser null ou 1 para o lote, depois inteiros ≥ 1 ou null, recebido: {}
axis must be an integer, or several in an array, got {*}
  axis deve ser um inteiro, ou vários em uma lista, recebido: {}
−1, the last dimension
  −1, a última dimensão
−1, the last dimension, or null
  −1, a última dimensão, ou null
an integer
  um inteiro
integers ≥ 1, and −1 at most once
  inteiros ≥ 1, e −1 no máximo uma vez
integers ≥ 1 (the batch is 0)
  inteiros ≥ 1 (o lote é 0)
a sample must have channels, some of them, got {}
  uma amostra deve ter canais, recebido: {}
a sample must have channels, {} of them, got {}
  uma amostra deve ter {} canais, recebido: {}
{} must be at most {} for {}, got {*}
  {} deve ser no máximo {} para {}, recebido: {}
{} has no factor {}: expected l1, l2
  {} não tem o fator {}: esperado l1, l2
layer {} is used twice: a model takes a layer once: make another
  a camada {} está duas vezes: um modelo usa cada camada uma vez: faça outra
outputs must come from inputs: they also need input {}, which isn't theirs
  as saídas devem vir das entradas: precisam também da entrada {}, que não é delas
outputs must come from inputs: they never meet
  as saídas devem vir das entradas: elas nunca se encontram
# What a file says of its classes and images.
classNames: expected a list of names, such as ['cat', 'dog'], got {*}
  classNames: esperada uma lista de nomes, como ['cat', 'dog'], recebido: {}
classNames: must be as many as the model's outputs: expected {}, got {}
  classNames: devem ser tantos quantas as saídas do modelo: esperado {}, recebido: {}
classNames: must differ, and none may be empty: got {}
  classNames: devem ser diferentes, e nenhum vazio: recebido: {}
{}: {} must be above -1, got {}, which is from -1 to 1
  {}: {} precisa ser acima de -1, recebido: {}, que vai de -1 a 1
imageInput: expected { content: 'photo', preprocessing: 'unit' }, got {*}
  imageInput: esperado { content: 'photo', preprocessing: 'unit' }, recebido: {}
imageInput: has content and preprocessing, got {}
  imageInput: tem content e preprocessing, recebido: {}
imageInput: preprocessing {} is for colour images: expected input [height, width, 3], got {}
  imageInput: preprocessing {} é para imagens coloridas: esperada a entrada [altura, largura, 3], recebida {}
imageInput: content 'digit' is for grey images: got input {}
  imageInput: content 'digit' é para imagens em cinza: recebida a entrada {}
# Shapes.
input of one sample must be [height, width, channels], got {}
  a entrada de uma amostra deve ser [altura, largura, canais], recebida {}
the window must fit the image: expected {*}, got {}
  a janela deve caber na imagem: esperado {}, recebido: {}
{} of at least {}
  {} de pelo menos {}
input of one sample must have a dimension: expected [n], got []
  a entrada de uma amostra deve ter uma dimensão: esperado [n], recebido []
a sample must have channels, got []
  uma amostra deve ter canais, recebido []
channels must be a multiple of groups: expected one of {}, got {}
  os canais devem ser um múltiplo de groups: esperado um de {}, recebido: {}
filters must be a multiple of groups: expected one of {}, got {}
  filters deve ser um múltiplo de groups: esperado um de {}, recebido: {}
groups must divide the channels, which are last: got {} for {}
  groups deve dividir os canais, que vêm por último: recebido {} para {}
a window may have at most 256 elements, got {}
  uma janela pode ter no máximo 256 elementos, recebidos {}
an image may have at most {} pixels, got {}
  uma imagem pode ter no máximo {} pixels, recebidos {}
expected at least two inputs, got {}
  esperadas pelo menos duas entradas, recebidas {}
expected two inputs, got {}
  esperadas duas entradas, recebidas {}
shapes must be equal, but for sizes of 1, got {}
  os formatos devem ser iguais, exceto por tamanhos de 1, recebidos {}
shapes must be equal but for dimension {}, got {}
  os formatos devem ser iguais, exceto na dimensão {}, recebidos {}
axis must be one of the sample's: expected {} to {}, got {}
  axis deve ser um dos eixos da amostra: esperado de {} a {}, recebido: {}
axis must be an integer, and not 0, the batch's, got {}
  axis deve ser um inteiro, e não 0, o do lote, recebido: {}
axis must be −1, the last dimension, where the channels are (permute brings another there): got {} for {}
  axis deve ser −1, a última dimensão, onde estão os canais (permute leva outra para lá): recebido {} para {}
axis must be −1, the last dimension, where the channels are, or null: got {} for {}
  axis deve ser −1, a última dimensão, onde estão os canais, ou null: recebido {} para {}
axis must be −1, the last dimension, or null, got {}: for several dimensions flatten before it, and reshape behind it
  axis deve ser −1, a última dimensão, ou null, recebido {}: para várias dimensões, flatten antes dela e reshape depois
axis must be −1, the last dimension, or null, got {}
  axis deve ser −1, a última dimensão, ou null, recebido: {}
alignCorners has no halfPixelCenters: leave one of them out
  alignCorners não tem halfPixelCenters: deixe um dos dois de fora
alignCorners true, or halfPixelCenters false, must have interpolation bilinear or nearest, without antialias
  alignCorners true, ou halfPixelCenters false, deve ter interpolation bilinear ou nearest, sem antialias
axis must be −1, the last dimension (permute brings another there), got {}
  axis deve ser −1, a última dimensão (permute leva outra para lá), recebido: {}
axis must be −1, the last dimension, got {}
  axis deve ser −1, a última dimensão, recebido: {}
axis must be −1, or the last dimensions of a sample together (the batch is 0; permute brings others there): got {} for {}
  axis deve ser −1, ou as últimas dimensões de uma amostra juntas (o lote é 0; permute leva outras para lá): recebido {} para {}
targetShape {} must hold the {} numbers of an input of shape {}
  targetShape {} deve conter os {} números de uma entrada de formato {}
something of the image must be left: expected more than {} rows and {} columns, got {} and {}
  algo da imagem deve sobrar: esperadas mais de {} linhas e {} colunas, recebidas {} e {}
dims must name every dimension of a sample: expected {}, got {}
  dims deve indicar cada dimensão de uma amostra: esperado {}, recebido: {}
dims must be the numbers from 1 to the last dimension, each once, got {}
  dims devem ser os números de 1 até a última dimensão, cada um só uma vez, recebido: {}
dims must be the numbers from 1 to {}, each once, got {}
  dims devem ser os números de 1 a {}, cada um só uma vez, recebido: {}
{} must have a number per channel: expected {}, got {}
  {} deve ter um número por canal: esperado {}, recebido: {}
mean and variance must be given together: {} is missing
  mean e variance devem vir juntas: falta {}
variance must be at least 0, got {}
  variance deve ser pelo menos 0, recebido: {}
{} must be l1, l2, l1l2 or { l1, l2 }, got {*}
  {} deve ser l1, l2, l1l2 ou { l1, l2 }, recebido: {}
layer {} was made with {}, which degelo can't train with: freeze the layer (trainable = false), or set its unsupported to null to train without
  a camada {} foi feita com {}, com que o degelo não treina: congele a camada (trainable = false), ou ponha null em unsupported para treinar sem isso
dimensions must be integers ≥ 0, got {}
  as dimensões devem ser inteiros ≥ 0, recebido: {}
# gradcheck of a model.
checkGradients: layer {} must have an inputShape to be checked by itself
  checkGradients: a camada {} precisa de um inputShape para ser conferida sozinha
{}: loss must be a name or a loss, got {}
  {}: a perda deve ser um nome ou uma perda, recebido: {}
{}: loss must be a name or a loss, got {}: call it
  {}: a perda deve ser um nome ou uma perda, recebido: {}: chame a função
checkGradients: {*} must be finite, got {} at index {}
  checkGradients: {} deve ser finito, recebido {} no índice {}
weights of {}
  os pesos de {}
compile: {} needs probabilities: end the model with activation('{}'), or give the loss fromLogits: true
  compile: {} precisa de probabilidades: termine o modelo com activation('{}'), ou dê à perda fromLogits: true
compile: {} with fromLogits takes logits, but the model ends with a {}
  compile: {} com fromLogits recebe logits, mas o modelo termina com {}
`);
