/** TensorFlow Lite's files. */
import { linesOf } from '../translator.ts';

export const TFLITE = linesOf(`
not a TensorFlow Lite file: expected {} at byte {}, got {}
  não é um arquivo do TensorFlow Lite: esperado {} no byte {}, recebido: {}
{}: expected to lie within the file's {} bytes, got {} at byte {} (damaged or truncated)
  {}: deve estar dentro dos {} bytes do arquivo, recebidos {} no byte {} (danificado ou cortado)
{}: parts must have bytes of their own, got more parts than fit the file
  {}: as partes devem ter bytes só delas, e há mais partes do que cabem no arquivo
operator {} ({}): {*}
  operador {} ({}): {}
tensor {} ({}): {*}
  tensor {} ({}): {}
tensor {} (without a name): {*}
  tensor {} (sem nome): {}
version must be {}, got {}
  a versão deve ser {}, recebida {}
only networks of one graph are read (no branches or loops of control flow), got {} subgraphs
  lê-se uma rede de um só grafo (sem desvios nem laços de controle), recebidos {} subgrafos
operators must be at most {}, got {}
  os operadores devem ser no máximo {}, recebidos {}
options must be of type {}, got {}
  as opções devem ser do tipo {}, recebido: {}
numbers after the flatbuffer (files of more than 2 GB) aren't read
  números depois do flatbuffer (arquivos de mais de 2 GB) não são lidos
a shape has at most {} sizes, got {}
  um formato tem no máximo {} tamanhos, recebidos {}
the output must come from the input by operators: they never meet
  a saída deve vir da entrada por operadores: elas nunca se encontram
a network of one {*} is read, as those that classify images have, got {}
  lê-se uma rede de uma só {}, como têm as que classificam imagens, recebido: {}
input
  entrada
output
  saída
the input must be float32, uint8 or int8, got {}
  a entrada deve ser float32, uint8 ou int8, recebido: {}
one output is read, got {}
  lê-se uma só saída, recebidas {}
degelo has no layer for it. Load the Keras model that the file was made of, or cut the network before it. Known: {}
  o degelo não tem camada para ele. Carregue o modelo do Keras de que o arquivo foi feito, ou corte a rede antes dele. Conhecidos: {}
input {} must come from an operator before it, got {}
  a entrada {} deve vir de um operador antes dele, recebido: {}
{} must be constant, got a variable
  {} deve ser constante, e é uma variável
input {} must be constant, got what an operator gives
  a entrada {} deve ser constante, e é o que um operador dá
weights must be constant, got what an operator gives
  os pesos devem ser constantes, e são o que um operador dá
slopes must be constant, got what an operator gives
  as inclinações devem ser constantes, e são o que um operador dá
constant numbers, got what an operator gives
  números constantes, recebido o que um operador dá
its shape must begin with the batch, got none
  o seu formato deve começar com o lote, e não há nenhum
sizes of a sample must be fixed, got {}: save the model with an input of fixed size
  os tamanhos de uma amostra devem ser fixos, recebido {}: salve o modelo com uma entrada de tamanho fixo
its output must be {} a sample, as the file says, got {}
  a sua saída deve ser {} por amostra, como diz o arquivo, recebida {}
softmax: beta must be 1, got {}
  softmax: beta deve ser 1, recebido: {}
fused activation must be none, RELU, RELU_N1_TO_1, RELU6 or TANH, got {}
  a ativação fundida deve ser none, RELU, RELU_N1_TO_1, RELU6 ou TANH, recebida {}
constant numbers must be one for all, one per channel ({}), or fit a sample {}, got shape {}
  números constantes devem ser um para todos, um por canal ({}), ou caber em uma amostra {}, recebido o formato {}
constant numbers must be one for all, got shape {}
  números constantes devem ser um para todos, recebido o formato {}
constant numbers must be one matrix, got shape {}
  números constantes devem ser uma só matriz, recebido o formato {}
products must be with constant numbers, or of a row and a column, got samples {} and constant {}, turned
  produtos devem ser com números constantes, ou de uma linha e uma coluna, recebidas amostras {} e a constante {}, virada
products must be with constant numbers, or of a row and a column, got samples {} and {}
  produtos devem ser com números constantes, ou de uma linha e uma coluna, recebidas amostras {} e {}
weights must be for the input's {} channels or a part of them, got {}
  os pesos devem ser para os {} canais da entrada ou parte deles, recebido: {}
weights must be [1, height, width, a multiple of {} channels], got {}
  os pesos devem ser [1, altura, largura, um múltiplo de {} canais], recebido: {}
weights must be in the default order, got shuffled ones
  os pesos devem estar na ordem padrão, e estão embaralhados
weights must be for the {} numbers of a sample {}, or for its last dimension, got {}
  os pesos devem ser para os {} números de uma amostra {}, ou para a sua última dimensão, recebido: {}
weights must have {} dimensions, got {}
  os pesos devem ter {} dimensões, recebido: {}
bias must have one number per output: expected {}, got {}
  o bias deve ter um número por saída: esperado {}, recebido: {}
SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND around it must be of the same height and width, crop no more than was padded, and have VALID between them, got blocks {} and {}, paddings {}, crops {}
  SPACE_TO_BATCH_ND e BATCH_TO_SPACE_ND em volta dele devem ter a mesma altura e largura, não cortar mais do que foi acrescentado, e ter VALID entre eles, recebidos blocos {} e {}, paddings {}, crops {}
padding must be SAME (0) or VALID (1), got {}
  padding deve ser SAME (0) ou VALID (1), recebido: {}
indices must be a list of places along a dimension of a sample {}, got {} along {}
  os índices devem ser uma lista de lugares em uma dimensão de uma amostra {}, recebido {} em {}
samples must stay as many as they are, got {} times
  as amostras devem continuar tantas quantas são, recebidas {} vezes
samples must stay as many as they are
  as amostras devem continuar tantas quantas são
samples must stay the first dimension, got {}
  as amostras devem continuar na primeira dimensão, recebido: {}
a tensor must be put together of at most {} parts, got {}
  um tensor deve ser juntado de no máximo {} partes, recebidas {}
a tensor must be cut along a dimension of a sample, 1 to {}, got {}
  um tensor deve ser cortado em uma dimensão de uma amostra, de 1 a {}, recebida {}
slopes must fit a sample {}, got shape {}
  as inclinações devem caber em uma amostra {}, recebido o formato {}
height and width must be multiples of the block, {}, got {}×{}
  altura e largura devem ser múltiplos do bloco, {}, recebido {}×{}
channels must be a multiple of the block's pixels, {}, got {}
  os canais devem ser um múltiplo dos pixels do bloco, {}, recebido {}
the block must be of at least 1 pixel, got {}
  o bloco deve ser de pelo menos 1 pixel, recebido {}
expected an image [height, width, channels], got a sample {}
  esperada uma imagem [altura, largura, canais], recebida uma amostra {}
no layers compute it for a sample {}
  nenhuma camada o calcula para uma amostra {}
of choices between tensors only these are read: selu, elu, leaky ReLU, and x where x is above a number, else 0
  de escolhas entre tensores leem-se só estas: selu, elu, leaky ReLU, e x onde é maior que um número, senão 0
weights must be constant, got variables: TFLiteConverter.from_keras_model makes constants of them
  os pesos devem ser constantes, e são variáveis: TFLiteConverter.from_keras_model faz deles constantes
dilation along steps must be of images of height 1, got axis {} of samples {}
  a dilatação ao longo de passos deve ser de imagens de altura 1, recebido o eixo {} de amostras {}
padding must be of the dimensions of a sample, of at most three: got {} for a sample {}
  padding deve ser das dimensões de uma amostra, no máximo três: recebido {} para uma amostra {}
padding must be with one constant number
  padding deve ser com um só número constante
a slice must say begin, end and a step above 0 of every dimension
  um recorte deve dizer o começo, o fim e um passo acima de 0 de cada dimensão
a slice must take all samples of the batch
  um recorte deve usar todas as amostras do lote
a part must be within {}, got {} to {} of dimension {}
  uma parte deve estar dentro de {}, recebido de {} a {} da dimensão {}
numbers of type {} need a scale, got none
  números do tipo {} precisam de uma escala, e não há nenhuma
sizes and axes must be int32 or int64, got {}
  tamanhos e eixos devem ser int32 ou int64, recebido: {}
weights must have bytes of their own, got more than the file holds
  os pesos devem ter bytes só deles, e são mais do que o arquivo contém
sparse numbers are not read: save the model without sparsity
  números esparsos não são lidos: salve o modelo sem esparsidade
numbers of type {} are not read: expected one of {}
  números do tipo {} não são lidos: esperado um de {}
shape {} of {} takes {} bytes, got {}
  o formato {} de {} ocupa {} bytes, recebidos {}
scales must be one, or one for each index along dimension {}, and zero points likewise: got {} scales and {} zero points for shape {}
  as escalas devem ser uma, ou uma para cada índice da dimensão {}, e assim também os pontos zero: recebidas {} escalas e {} pontos zero para o formato {}
`);
