/** Checkpoints, and the HDF5 that Keras writes. */
import { linesOf } from '../translator.ts';

export const HDF5 = linesOf(`
# Checkpoints.
damaged, or not {*}: it must begin with its checksum
  danificado, ou não é {}: deve começar com a sua soma de verificação
tensors must be the model's or its optimizer's: expected {}, got {*}
  os tensores devem ser os do modelo ou os do otimizador: esperado {}, recebido: {}
the optimizer must be the model's: expected {}, got {*}
  o otimizador deve ser o do modelo: esperado {}, recebido: {}
the optimizer must have arrays for each trained parameter and no other: expected {*}, got {*}
  o otimizador deve ter arrays para cada parâmetro treinado e nenhum outro: esperado {}, recebido: {}
# HDF5.
no HDF5 file: expected its signature at the beginning
  não é um arquivo HDF5: esperada a sua assinatura no começo
{*}, as the file says of itself, got {*}
  {}, como o arquivo diz de si, recebido: {}
expected HDF5 with a superblock of version 0 to 3, got {*}
  esperado HDF5 com um superbloco de versão 0 a 3, recebido: {}
expected HDF5 with addresses and lengths of 8 bytes, got {*}
  esperado HDF5 com endereços e tamanhos de 8 bytes, recebido: {}
expected HDF5 that begins at byte 0, got {*}
  esperado HDF5 que começa no byte 0, recebido: {}
{} is a link to another place, which isn't followed
  {} é um link para outro lugar, que não é seguido
{} bytes at byte {}, got a file of {}
  {} bytes no byte {}, recebido um arquivo de {}
{*} ({}) at byte {}, found none
  {} ({}) no byte {}, nada encontrado
a heap of texts
  um heap de textos
a heap of names
  um heap de nomes
a B-tree
  uma B-tree
a list of links
  uma lista de links
a part of a header
  uma parte de um cabeçalho
a fractal heap
  um fractal heap
a block of links
  um bloco de links
a list of blocks
  uma lista de blocos
its headers, nodes and links lead in a circle, or to the same place again and again
  os seus cabeçalhos, nós e links formam um círculo, ou levam sempre ao mesmo lugar
arrays overlap: expected {*}
  os arrays se sobrepõem: esperado {}
a size or an address below 2^53, got {*}
  um tamanho ou endereço abaixo de 2^53, recebido: {}
its numbers are in another file, which isn't read
  os seus números estão em outro arquivo, que não é lido
numbers, little-endian, got {*}
  números, little-endian, recebido: {}
its layout isn't read: {*}
  a sua disposição não é lida: {}
an object has its attributes in a fractal heap, which isn't read: {*}
  um objeto tem os seus atributos em um fractal heap, que não é lido: {}
a group has {} links in a fractal heap, where {} could be read: {*}
  um grupo tem {} links em um fractal heap, onde {} puderam ser lidos: {}
save the model from Keras again (h5py with libver="earliest", its default)
  salve o modelo de novo no Keras (h5py com libver="earliest", o padrão)
has no numbers: expected {*}
  não tem números: esperado {}
a layout of version 3 or 4, got {*}
  uma disposição de versão 3 ou 4, recebida {}
{} bytes of numbers, got {*}
  {} bytes de números, recebidos {}
chunks of {} dimensions, got {*}
  blocos de {} dimensões, recebido: {}
{} bytes in a file of {}, got {*}
  {} bytes em um arquivo de {}, recebidos {}
chunks in a B-tree below level {}, got type {}, level {}
  blocos em uma B-tree abaixo do nível {}, recebido o tipo {}, nível {}
a group's B-tree below level {}, got type {}, level {}
  a B-tree de um grupo abaixo do nível {}, recebido o tipo {}, nível {}
each chunk once and within {}, got one at {}
  cada bloco uma vez e dentro de {}, recebido um em {}
{} chunks, got {*}
  {} blocos, recebidos {}
numbers that are plain, or packed by gzip and shuffle; got filter {}
  números simples, ou comprimidos por gzip e shuffle; recebido o filtro {}
a chunk of {} bytes, got {*}
  um bloco de {} bytes, recebido: {}
zlib's data, got {} bytes
  dados do zlib, recebidos {} bytes
an attribute of version 1, 2 or 3, got {*}
  um atributo de versão 1, 2 ou 3, recebida {}
text {} in the heap at byte {}, found none
  o texto {} no heap no byte {}, nada encontrado
a dataspace of version 1 or 2, got {*}
  um dataspace de versão 1 ou 2, recebida {}
at most 32 dimensions, got {*}
  no máximo 32 dimensões, recebidas {}
fewer than 2^53 numbers, got shape {}
  menos de 2^53 números, recebido o formato {}
a name within its heap, got place {}
  um nome dentro do seu heap, recebido o lugar {}
names that differ, got {} twice
  nomes diferentes, e {} está duas vezes
a message of {} bytes within its header, got less
  uma mensagem de {} bytes dentro do seu cabeçalho, há menos
an object's header of version 1 or 2, got {*}
  o cabeçalho de um objeto de versão 1 ou 2, recebida {}
an object's header of version 2, got {*}
  o cabeçalho de um objeto de versão 2, recebida {}
`);
