/** Wrong usage of the command line: options, arguments, and what doesn't go together. */
import { linesOf } from '../translator.ts';

export const USAGE = linesOf(`
# In commander's words.
unknown command '{}'
  comando desconhecido: '{}'
unknown option '{}'
  opção desconhecida: '{}'
missing required argument '{}'
  falta o argumento '{}'
option '{}' argument missing
  falta o valor da opção '{}'
option '{}' argument '{}' is invalid. {*}
  o valor da opção '{}' não serve: '{}'. {}
command-argument value '{}' is invalid for argument '{}'. {*}
  o valor '{}' não serve para o argumento '{}'. {}
Allowed choices are {}.
  As escolhas são {}.
too many arguments for '{}'. {*}
  argumentos demais para '{}'. {}
too many arguments. {*}
  argumentos demais. {}
Expected {} argument{} but got {}.
  Esperado: {} argumento{}, recebido: {}.
option '{}' cannot be used with option '{}'
  a opção '{}' não combina com a opção '{}'
(Did you mean {}?)
  (Seria {}?)
(Did you mean one of {}?)
  (Seria um destes: {}?)
({} is an option of {})
  ({} é uma opção de {})
({} comes after its command: {})
  ({} fica depois do comando: {})
(--help lists the options)
  (--help lista as opções)
option '{}' is given twice: '{}' counts, '{}' doesn't
  a opção '{}' aparece duas vezes: vale '{}', e não '{}'
# Values of options.
Expected a whole number of at least {}.
  Esperado: um número inteiro de pelo menos {}.
Expected a whole number from {} to {}.
  Esperado: um número inteiro de {} a {}.
Expected a number above 0.
  Esperado: um número acima de 0.
Expected a number of at least 0.
  Esperado: um número de pelo menos 0.
Expected a number above 0 and below 1.
  Esperado: um número acima de 0 e abaixo de 1.
Expected a number of at least 0 and below 1.
  Esperado: um número de pelo menos 0 e abaixo de 1.
Expected a text that isn't empty.
  Esperado: um texto que não seja vazio.
Expected a file or folder: download it first.
  Esperado: um arquivo ou uma pasta: baixe antes.
Expected a whole file: URL, such as file:///home/me/photo.jpg.
  Esperado: uma URL file: inteira, como file:///home/me/photo.jpg.
Expected values that differ.
  Esperado: valores diferentes.
Expected classes from 0 to {}, each once, such as 0-4 or 1,3,7.
  Esperado: classes de 0 a {}, cada uma só uma vez, como 0-4 ou 1,3,7.
Expected i/n, two whole numbers with 0 ≤ i < n: the first of 100 parts is 0/100.
  Esperado: i/n, dois números inteiros com 0 ≤ i < n: a primeira de 100 partes é 0/100.
Expected numbers of at least 1 and the word all, with commas between them.
  Esperado: números de pelo menos 1 e a palavra all, separados por vírgulas.
Expected forward, reverse, or both with a comma between them.
  Esperado: forward, reverse ou os dois, separados por vírgula.
Expected a number of pixels, such as 224, or height and width, such as 120x160.
  Esperado: um número de pixels, como 224, ou altura e largura, como 120x160.
# Classes.
{}: must be as many as {}, since the classifier stays: expected {}, got {}
  {}: devem ser tantas quantas em {}, pois o classificador fica: esperadas {}, recebidas {}
{}: must be at least two different classes, each once: got {*}
  {}: devem ser pelo menos duas classes diferentes, cada uma só uma vez: recebido: {}
{}: must differ from {}: got {} in both
  {}: devem ser outras que as de {}: {} está nas duas
--classes: must be as many as the model's classes: expected {}, got {}
  --classes: devem ser tantas quantas as classes do modelo: esperado {}, recebido: {}
--classes: must be classes from 0 to {}, each once, such as 0-4 or 1,3,7, for a model of grey images: got {*}
  --classes: devem ser classes de 0 a {}, cada uma só uma vez, como 0-4 ou 1,3,7, para um modelo de imagens cinza: recebido: {}
--classes: must be names, each once, such as cat,dog: got {*}
  --classes: devem ser nomes, cada um só uma vez, como gato,cão: recebido: {}
# What doesn't go together.
--size: is for photos, which --images names; other images have their own
  --size: é para fotos, que --images indica; outras imagens têm o seu próprio tamanho
--size: a pretrained network has its own: leave out --size or --base
  --size: uma rede pré-treinada tem o seu próprio tamanho: deixe --size ou --base de fora
--base: takes photos: --images FOLDER is missing
  --base: recebe fotos: falta --images PASTA
{}: is for a pretrained network, which --base names
  {}: é para uma rede pré-treinada, que --base indica
--base: the pretrained network is missing: --base MODEL
  --base: falta a rede pré-treinada: --base MODELO
--images: the photos are missing: --images FOLDER
  --images: faltam as fotos: --images PASTA
--images: this model takes photos: --images FOLDER, one folder per class
  --images: este modelo recebe fotos: --images PASTA, com uma pasta por classe
{}: is for models of colour images: expected input [height, width, 3], got {}
  {}: é para modelos de imagens em cores: esperada a entrada [altura, largura, 3], recebida {}
{}: is for models of grey images: this one takes photos
  {}: é para modelos de imagens em cinza: este recebe fotos
--invert: is for handwritten digits: this model takes photos as they are
  --invert: é para dígitos escritos à mão: este modelo recebe as fotos como são
--draw: there is no room for a drawing in --json: leave one of them out
  --draw: não há lugar para um desenho em --json: deixe um dos dois de fora
--out: the file is missing: --out FILE.safetensors
  --out: falta o arquivo: --out ARQUIVO.safetensors
--out: the folder of the features is missing: --out FOLDER
  --out: falta a pasta das características: --out PASTA
--out: expected a .safetensors or .npz file, got {}
  --out: esperado um arquivo .safetensors ou .npz, recebido: {}
{}: expected a folder, or a .safetensors or .npz file, got {}
  {}: esperada uma pasta, ou um arquivo .safetensors ou .npz, recebido: {}
--force: is for --merge: cells that are there are never lost
  --force: é para --merge: células que já existem nunca se perdem
{}: the files that --merge joins say how they were computed: leave out {}
  {}: o que --merge junta já diz como foi calculado: deixe {} de fora
--cell: there must be a photo for each cell: expected i/n with n ≤ {}, got n = {}
  --cell: deve haver uma foto para cada célula: esperado i/n com n ≤ {}, recebido n = {}
--cell: there must be a cell for each part: expected i/n with n ≤ {}, got n = {}
  --cell: deve haver uma célula para cada parte: esperado i/n com n ≤ {}, recebido n = {}
--cell: needs --out, the folder for its part
  --cell: uma parte não serve sem --out
--json: one part of a study isn't a result: use --json with --merge
  --json: uma parte de um estudo não é um resultado: use --json com --merge
{}: nothing is thawed without --thaw
  {}: sem --thaw nada é descongelado
--thaw: trains on the photos themselves, which --features lacks: add --images FOLDER
  --thaw: treina com as próprias fotos, que --features não tem: acrescente --images PASTA
{*}: --skip-bad leaves out such files
  {}: --skip-bad deixa tais arquivos de fora
--skip-bad: is for photos, which --images names
  --skip-bad: é para fotos, que --images indica
--skip-bad: degelo features has already left out files that are no photos: leave out --skip-bad
  --skip-bad: degelo features já deixou de fora o que não é foto: deixe --skip-bad de fora
summary: --frozen is only for the experiment's model: a model's file says what is frozen
  summary: --frozen é só para o modelo do experimento: um arquivo diz por si o que está congelado
--out: several runs need a file for their page: --out runs.html
  --out: várias execuções precisam de um arquivo para a sua página: --out runs.html
--out: file must be new: {*}
  --out: o arquivo deve ser novo: {}
--force: there is no file to replace without --out: report.html always is
  --force: sem --out não há arquivo para substituir: report.html sempre é substituído
a run of finetune has a page of its own: expected one folder, got {} among others
  uma execução de finetune tem uma página só dela: esperada uma pasta, recebida {} entre outras
# gradcheck
gradcheck: one model at a time: got {} and --model {}
  gradcheck: um modelo de cada vez: recebidos {} e --model {}
{}: is for a saved model, which comes first: degelo gradcheck MODEL {}
  {}: é para um modelo salvo, que fica na frente: degelo gradcheck MODELO {}
--import: {}: no such file
  --import: {}: o arquivo não existe
--import: {}: must be a file, got a folder
  --import: {}: tem que ser um arquivo, e é uma pasta
--import: {} fails: {*}
  --import: {} falha: {}
# convert
convert: {*} can't be written: expected a folder, .keras, .safetensors or .npz, got {}: convert to .keras, which Keras can save as .h5
  convert: {} não pode ser gravado: esperada uma pasta, .keras, .safetensors ou .npz, recebido {}: converta para .keras, que o Keras pode salvar como .h5
convert: {*} can't be written: expected a folder, .keras, .safetensors or .npz, got {}
  convert: {} não pode ser gravado: esperada uma pasta, .keras, .safetensors ou .npz, recebido: {}
convert: TO must be another place than FROM, got {} for both
  convert: PARA deve ser outro lugar que DE: os dois são {}
convert: folder must be new or empty: {} holds {} (--force replaces a model in it)
  convert: a pasta deve ser nova ou vazia: {} contém {} (--force substitui um modelo nela)
convert: {} has only weights: add --architecture MODEL, the model that they belong to
  convert: {} contém só pesos: --architecture MODELO deve dizer de que camadas eles são
convert: --architecture must be a model with layers: {} has only weights
  convert: --architecture deve ser um modelo com camadas: {} contém só pesos
convert: --architecture is for files that have only weights, but {} has layers of its own
  convert: --architecture é só para pesos, e {} tem as suas próprias camadas
convert: {} is for a network with layers, and {} is read for its weights
  convert: {} é para uma rede com camadas, e de {} só se leem os pesos
convert: --size is for files that leave it open: {} has input {} of its own
  convert: --size é para arquivos que a deixam em aberto: {} tem a sua própria entrada {}
convert: a model needs layers
  convert: um modelo precisa de camadas
{} already exists (--force replaces it)
  {} já existe (--force o substitui)
{} already exists
  {} já existe
.{} ({*})
  .{} ({})
Keras' HDF5
  HDF5 do Keras
Keras' own format
  formato próprio do Keras
a TensorFlow graph
  um grafo do TensorFlow
a single file of JSON
  um só arquivo JSON
bare numbers
  só números
a packed file
  um arquivo compactado
an archive
  um arquivo de arquivos
one of NumPy's arrays
  uma matriz do NumPy
TensorFlow's checkpoints
  checkpoints do TensorFlow
# page
--port: {} can't be used: {*}: give another, or 0 for any that is free
  --port: {} não serve: {}: dê outra, ou 0 para qualquer uma livre
another program uses it
  outro programa a usa
it isn't allowed
  ela não é permitida
page: it isn't built: npm run build:page does that in a checkout; a package has it
  page: a página não está construída: npm run build:page a constrói em um clone do repositório; o pacote a traz pronta
# Kernels and threads.
kernel {}: {*}: use auto or plain
  kernel {}: {}: use auto ou plain
kernel: {*}: plain kernels instead, which are slower
  kernel: {}: em seu lugar o plain, que é mais lento
kernel simd needs WebAssembly SIMD, which this engine doesn't have: use auto or plain
  o kernel simd precisa de WebAssembly SIMD, que este programa não tem: use auto ou plain
kernel fma needs WebAssembly's relaxed SIMD: use Node 24, or node --experimental-wasm-relaxed-simd, or kernel simd
  o kernel fma precisa do relaxed SIMD do WebAssembly: use o Node 24, ou node --experimental-wasm-relaxed-simd, ou o kernel simd
kernel {} needs WebAssembly memory, which isn't here: use kernel plain, or lift a limit on addresses such as ulimit -v ({})
  o kernel {} precisa de memória do WebAssembly, que aqui não há: use o kernel plain, ou aumente um limite de endereços como ulimit -v ({})
`);
