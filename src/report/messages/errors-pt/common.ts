/** What messages of many kinds are put together of: `expected {*}, got {*}`, and what stands in such places. */
import { linesOf } from '../translator.ts';

export const COMMON = linesOf(`
expected {*}, got {*}
  esperado {}, recebido: {}
expected {*}, found none
  esperado {}, nada encontrado
expected {*}
  esperado {}
got {*}
  recebido: {}
{} must be {*}, got {*}
  {} deve ser {}, recebido: {}
{} must be {*}: got {*}
  {} deve ser {}, recebido: {}
{} must be {*}
  {} deve ser {}
must be {*}, got {*}
  deve ser {}, recebido: {}
{} must have {*}, got {*}
  {} deve ter {}, recebido: {}
{} must have {*}
  {} deve ter {}
{} must hold {*}, got {*}
  {} deve conter {}, recebido: {}
{} is missing: {*}
  falta {}: {}
{} isn't there
  {} não está lá
damaged: {*}
  danificado: {}
truncated or damaged: {*}
  cortado ou danificado: {}
too large: {*}
  grande demais: {}
too long: {*}
  longo demais: {}
header too long: {*}
  cabeçalho longo demais: {}
array {}: {*}
  array {}: {}
tensor {}: {*}
  tensor {}: {}
layer {}: {*}
  camada {}: {}
layer {} ({}): {*}
  camada {} ({}): {}
# What was expected, and what came.
at most {*}
  no máximo {}
at least {*}
  pelo menos {}
one of {}
  um de {}
none
  nenhum
nothing
  nada
more
  mais
{} bytes
  {} bytes
{} bytes in all
  {} bytes ao todo
{} bytes unpacked
  {} bytes descompactados
{} of at most {} bytes unpacked
  {} de no máximo {} bytes descompactados
{} or more
  {} ou mais
{} twice
  {} duas vezes
{} pixels
  {} pixels
{} pixels on a side and {} in all
  {} pixels de lado e {} ao todo
a header of {} bytes
  um cabeçalho de {} bytes
an integer ≥ {}
  um inteiro ≥ {}
an integer below {}
  um inteiro abaixo de {}
an integer from {} to {}
  um inteiro de {} a {}
integers ≥ {}
  inteiros ≥ {}
{} integers ≥ {}
  {} inteiros ≥ {}
a number
  um número
a number ≥ 0
  um número ≥ 0
a number from {} to {}
  um número de {} a {}
numbers
  números
true or false
  true ou false
finite
  finito
a string
  um texto
text
  texto
strings
  textos
a name
  um nome
names
  nomes
objects
  objetos
an object
  um objeto
an object {}
  um objeto {}
an object without properties
  um objeto sem propriedades
an array
  uma lista
an array of {*}
  uma lista de {}
a list
  uma lista
a list of {*}
  uma lista de {}
null or {*}
  null ou {}
"{}" or "{}"
  "{}" ou "{}"
`);
