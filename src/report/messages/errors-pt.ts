/** Errors that users of the page meet, in Portuguese, and those that the command line has in common with it. */
import { type Line, linesOf, textOf, translator } from './translator.ts';

export const SHARED = linesOf(`
# Files.
{}: not found: expected {*}
  {}: não encontrado: esperado {}
{}: not found
  {}: não encontrado
{}: can't be read: {*}
  {}: não pode ser lido: {}
{}: can't be written: {*}
  {}: não pode ser gravado: {}
{}: no such folder
  {}: a pasta não existe
{}: no such file or folder
  {}: não existe tal arquivo ou pasta
{}: must be a folder, got a file
  {}: deve ser uma pasta, e é um arquivo
{}: must be a regular file
  {}: deve ser um arquivo comum
{}: empty: expected some bytes, got 0
  {}: vazio: esperados alguns bytes, recebidos 0
{}: expected a JPEG or PNG image, got {*}
  {}: esperada uma imagem JPEG ou PNG, recebido: {}
a {} image
  uma imagem {}
an {} image
  uma imagem {}
{*} (degelo reads JPEG and PNG: save it as one of them in any image program, or with ImageMagick: {})
  {} (o degelo lê JPEG e PNG: salve-a assim em qualquer programa de imagens, ou com o ImageMagick: {})
truncated: {*}
  cortado: {}
{}: no ink: expected a digit, got an image in which nothing stands out from its background
  {}: sem traços: esperado um dígito, recebida uma imagem em que nada se destaca do fundo
{}: can't be downloaded: {*}
  {}: não pode ser baixado: {}
HTTP status {}
  status HTTP {}
a worker thread can't start: {*}
  uma thread não pode começar: {}
# Models.
{}: no model that is known: expected {*}; got {*}
  {}: não é um modelo conhecido: esperado {}; recebido: {}
a model of degelo's own format, {*}
  um modelo no formato próprio do degelo, {}
a model of degelo's own format
  um modelo no formato próprio do degelo
a TensorFlow.js LayersModel, {*}
  um LayersModel do TensorFlow.js, {}
a TensorFlow.js LayersModel
  um LayersModel do TensorFlow.js
a model of Keras' own format (.keras), {*}
  um modelo no formato próprio do Keras (.keras), {}
a model of Keras' own format (.keras)
  um modelo no formato próprio do Keras (.keras)
a model of Keras in HDF5 (.h5), {*}
  um modelo do Keras em HDF5 (.h5), {}
a model of Keras in HDF5 (.h5)
  um modelo do Keras em HDF5 (.h5)
a TensorFlow Lite network
  uma rede do TensorFlow Lite
other bytes
  outros bytes
an empty file
  um arquivo vazio
{}: must be a network for colour images: expected input [height, width, 3], got {}
  {}: deve ser uma rede para imagens em cores: esperada a entrada [altura, largura, 3], recebida {}
`);

const PAGE = linesOf(`
there are no Web Workers here
  aqui não há Web Workers
this page was loaded over plain http:, and only pages from https: or localhost may share memory with threads
  esta página veio por http: simples, e só páginas de https: ou localhost podem dividir memória com threads
this page isn't cross-origin isolated, so it can't share memory with threads: its server must send the headers {} and {}
  esta página não está isolada de outras origens, e por isso não pode dividir memória com threads: o servidor dela deve enviar os cabeçalhos {} e {}
this browser has no SharedArrayBuffer, so threads can't share memory
  este navegador não tem SharedArrayBuffer, e por isso as threads não podem dividir memória
{}: this model has a file beside it, {}: choose both together, got {}
  {}: este modelo tem um arquivo ao lado, {}: escolha os dois juntos, recebido: {}
{}: expected a model for drawings of {} or photos of [height,width,3], got {}
  {}: esperado um modelo para desenhos de {} ou fotos de [altura,largura,3], recebido: {}
{}: expected a model that gives probabilities of two classes or more, got {}
  {}: esperado um modelo que dá probabilidades de duas classes ou mais, recebido: {}
{}: this network doesn't say what it wants of pixels: expected one of Keras' applications under its own name, or one that begins with a Rescaling layer
  {}: esta rede não diz o que quer dos pixels: esperada uma das redes prontas do Keras, com o seu próprio nome, ou uma que comece com uma camada Rescaling
{}: no room is left in this browser's storage for this site ({})
  {}: não há mais espaço para este site no armazenamento deste navegador ({})
{}: there is no IndexedDB here: {}
  {}: aqui não há IndexedDB: {}
{}: an HDF5 file with weights and no layers (save_weights): {*}
  {}: um arquivo HDF5 com pesos e sem camadas (save_weights): {}
make the model (the same layers, by sequential or model), and give it these weights: {}
  faça o modelo (as mesmas camadas, com sequential ou model) e dê-lhe estes pesos: {}
{}: layer {}: isn't supported: expected one of {*}
  {}: a camada {} não é conhecida: esperada uma destas: {}
put such layers in its place in Keras
  ponha camadas assim no lugar dela no Keras
a zip archive
  um arquivo zip
{} and {} more
  {} e mais {}
this browser can't read it as an image
  este navegador não consegue lê-lo como imagem
this browser gives no 2D canvas
  este navegador não dá uma tela 2D
`);

/** The lines that the page can show, for the tests. */
export const PAGE_LINES: readonly Line[] = [...SHARED, ...PAGE];

const pieces = translator(PAGE_LINES);

/** A message of the page in Portuguese; what isn't known stays as it is. */
export function errorInPortuguese(message: string): string {
  return textOf(pieces(message));
}
