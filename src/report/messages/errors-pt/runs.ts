/** Runs and their folders, cells, checkpoints, and what training has to say. */
import { linesOf } from '../translator.ts';

export const RUNS = linesOf(`
# How a program ends.
interrupted
  interrompido
terminated
  encerrado
continue with: {}
  continue com: {}
# Folders of runs.
{}: folder must be new or empty: {} holds {} and more (--force replaces results in it)
  {}: a pasta deve ser nova ou vazia: {} contém {} e mais (--force substitui os resultados nela)
{}: folder must be new or empty: {} holds {} (--force replaces results in it)
  {}: a pasta deve ser nova ou vazia: {} contém {} (--force substitui os resultados nela)
no such folder: {}
  a pasta não existe: {}
must be a folder: {} is a file
  deve ser uma pasta: {} é um arquivo
{} can't be used: {*}
  {} não pode ser usado: {}
--out: a resumed run already has its folder: leave out --out
  --out: uma execução retomada já tem a sua pasta: deixe --out de fora
--force: starts the run again, which --resume does not
  --force: recomeça, e --resume não
--checkpoint-steps: there is no folder for checkpoints without --out
  --checkpoint-steps: sem --out não há pasta para os checkpoints
--force: there is no folder to replace without --out
  --force: sem --out não há pasta para substituir
{} must be ours to use: it holds {}
  {} deve estar livre para o degelo: contém {}
{} holds a run that isn't finished (--resume {} continues it, --force starts again)
  {} contém uma execução inacabada (--resume {} a continua, --force recomeça)
{} holds a run that isn't finished (degelo transfer --resume {} continues it)
  {} contém uma execução inacabada (degelo transfer --resume {} a continua)
nothing to continue in {}: no run was saved there
  nada para continuar em {}: nenhuma execução foi salva ali
{} has no checkpoint so far: --out {} starts its run again
  {} ainda não tem checkpoint: --out {} recomeça a execução
{} is in use by another run, process {}
  {} está em uso por outra execução, o processo {}
{} is in use on another machine ({*}); if that run is gone, remove {}
  {} está em uso em outra máquina ({}); se aquela execução não existe mais, apague {}
unknown
  desconhecida
--out: the results are in {}, since moving them failed: {*}
  --out: os resultados estão em {}, pois não foi possível movê-los: {}
--out: {*} can't be written: {*}
  --out: {} não pode ser gravado: {}
stdout: can't be written: {}
  stdout: não pode ser gravado: {}
the results
  o resultado
the model
  o modelo
the checkpoint
  o checkpoint
the source model
  o modelo de origem
the target model
  o modelo de destino
--out: {} must be the run's own: expected weights_sha256 {}, got {}
  --out: {} deve ser desta execução: esperado weights_sha256 {}, recebido: {}
must be the first phase of this run: {*}
  deve ser a primeira fase desta execução: {}
sha256 {}
  sha256 {}
no checkpoint there: expected a file such as checkpoint-000001.safetensors
  ali não há checkpoint: esperado um arquivo como checkpoint-000001.safetensors
{*}: it continues from the checkpoint before
  {}: continua do checkpoint anterior
# Resuming.
--resume: the run must name its base and its photos: give --base and --images
  --resume: a execução deve dizer a sua base e as suas fotos: dê --base e --images
resume: {*} must be as in the run that was saved: expected {*}, got {*}
  resume: {} deve ser como na execução salva: esperado {}, recebido: {}
the version of degelo
  a versão do degelo
the base
  a base
the data
  os dados
the photos
  as fotos
this is a checkpoint of degelo finetune: degelo finetune --resume continues it
  este é um checkpoint de degelo finetune: degelo finetune --resume continua
this is not a checkpoint of degelo finetune: degelo transfer --resume continues its own
  este não é um checkpoint de degelo finetune: degelo transfer --resume continua os seus
this is not a result of degelo finetune
  este não é um resultado de degelo finetune
must be of the same run as result.json: weights_sha256 differs
  deve ser da mesma execução que result.json: weights_sha256 difere
# Cells.
holds cell {}
  contém a célula {}
--out: {} is of another {*}: {*}
  --out: {} é de outra tarefa ({}): {}
study
  estudo
feature extraction
  extração de características
{}: expected a folder, got {}
  {}: esperada uma pasta, recebido: {}
name must be that of its cell: expected {}
  o nome deve ser o da sua célula: esperado {}
{}: {} holds no study: expected {} and files such as {}
  {}: {} não contém um estudo: esperados {} e arquivos como {}
{}: {} holds no feature extraction: expected {} and files such as {}
  {}: {} não contém uma extração de características: esperados {} e arquivos como {}
merge: every cell must be there: expected {}, got {}: missing {} and {} more
  merge: todas as células devem estar lá: esperadas {}, recebidas {}: faltam {} e mais {}
merge: every cell must be there: expected {}, got {}: missing {}
  merge: todas as células devem estar lá: esperadas {}, recebidas {}: faltam {}
merge: expected cells of a {*}, got none
  merge: esperadas células ({}), nenhuma encontrada
merge: version of degelo: {*}
  merge: versão do degelo: {}
merge: cells must be of one {*}: {*} ({}, {})
  merge: as células devem ser da mesma tarefa ({}): {} ({}, {})
merge: each cell must be there once: got {} and {} more
  merge: cada célula só pode estar uma vez: recebidas {} e mais {}
merge: each cell must be there once: got {}
  merge: cada célula só pode estar uma vez: recebida {}
merge: cells of one seed must agree on the source training: {} and {} differ: compute both again
  merge: células com a mesma semente devem ter o mesmo treino de origem: {} e {} diferem: calcule as duas de novo
study: {*}
  study: {}
class {} must have {} samples, got {}
  a classe {} deve ter {} amostras, recebidas {}
{} must hold one value at least, got none
  {} deve conter pelo menos um valor, recebido nenhum
{} must differ, got {}
  {}: os valores devem ser diferentes, recebidos {}
learning_rates must be numbers above 0, got {}
  learning_rates devem ser números acima de 0, recebido: {}
samples must be integers ≥ 1 or all, got {}
  samples devem ser inteiros ≥ 1 ou all, recebido: {}
{}: parts must be at most as many as cells: expected {} to {}, got {}
  {}: as partes devem ser no máximo tantas quantas as células: esperado de {} a {}, recebido: {}
# Features.
these are not features that degelo features wrote: there is no about
  não são características gravadas por degelo features: falta about
must name all files of its cell: {*}
  deve dar o nome de todos os arquivos da sua célula: {}
photos must be at most {}, got {}
  as fotos devem ser no máximo {}, recebidas {}
cells must be from 1 to {}, the photos: got {}
  as células devem ser de 1 a {}, o número de fotos: recebidas {}
cells must be at most {}, got {}
  as células devem ser no máximo {}, recebidas {}
must name its photos by their SHA-256 in its metadata
  deve dar nos metadados o SHA-256 de cada foto
the names of the photos must be those that the job was made for
  os nomes das fotos devem ser aqueles para os quais a tarefa foi feita
--images: must hold the photos that the features are of: {} has others than {}
  --images: deve conter as fotos de que são as características: {} tem outras que {}
{}: must be as the features were computed: expected {}, got {} (leave out {})
  {}: deve ser como as características foram calculadas: esperado {}, recebido {} (deixe {} de fora)
--features: {*} must be that of the features: expected {*}, got {}
  --features: {} deve ser igual à das características: esperado {}, recebido: {}
{} with SHA-256 {}
  {} com SHA-256 {}
# Training.
{}: the test loss became {}: lower the learning rate ({})
  {}: a perda no teste virou {}: diminua a taxa de aprendizado ({})
{}: {} became {}: lower the learning rate
  {}: {} virou {}: diminua a taxa de aprendizado
{}: {} became {}: raise the optimizer's epsilon, which is 0
  {}: {} virou {}: aumente o epsilon do otimizador, que é 0
{}: the loss became {} in step {} (batch {} of the epoch): check that the data is finite, or raise the optimizer's epsilon, which is 0
  {}: a perda virou {} no passo {} (lote {} da época): veja se os dados são finitos, ou aumente o epsilon do otimizador, que é 0
{}: the loss became {} in step {} (batch {} of the epoch): check that the data is finite, or lower the learning rate ({})
  {}: a perda virou {} no passo {} (lote {} da época): veja se os dados são finitos, ou diminua a taxa de aprendizado ({})
a step of {*} needs {} GB, and may take {} MB: lower batchSize, or raise model.memoryMB (on the command line: --memory)
  um passo de {} precisa de {} GB, e pode usar {} MB: diminua batchSize, ou aumente model.memoryMB (na linha de comando: --memory)
a step of {*} needs {} GB, and may take {} MB: raise model.memoryMB (on the command line: --memory)
  um passo de {} precisa de {} GB, e pode usar {} MB: aumente model.memoryMB (na linha de comando: --memory)
a step of {*} needs {} GB in one piece, which this engine doesn't give: lower batchSize
  um passo de {} precisa de {} GB de uma só vez, que este programa não dá: diminua batchSize
{} sample
  {} amostra
{} samples
  {} amostras
workers failed with: {*}; the weights are those of step {}: threads: 0 does without workers
  as threads falharam com: {}; os pesos são os do passo {}: threads: 0 dispensa as threads
workers failed with: {*}: threads: 0 does without workers
  as threads falharam com: {}: threads: 0 dispensa as threads
workers failed {} times in a row, the last time with: {*}; the weights are those of step {}: threads: 0 does without workers
  as threads falharam {} vezes seguidas, a última com: {}; os pesos são os do passo {}: threads: 0 dispensa as threads
workers failed {} times in a row, the last time with: {*}: threads: 0 does without workers
  as threads falharam {} vezes seguidas, a última com: {}: threads: 0 dispensa as threads
the system gives no more threads ({}): raise its limit, such as ulimit -u
  o sistema não dá mais threads ({}): aumente o limite dele, como ulimit -u
a worker failed ({*}): its work is done again, with the same result
  uma thread falhou ({}): o seu trabalho é feito de novo, com o mesmo resultado
in a worker thread, whose program has headers of its own, {*}
  numa thread, cujo programa tem cabeçalhos próprios, {}
a worker thread ended
  uma thread acabou
a worker gave no answer for {} seconds
  uma thread não respondeu por {} segundos
worker threads can't be used, so all work is done on the calling thread: {*}
  as threads não podem ser usadas, e por isso tudo é feito na thread principal: {}
{} bytes of memory can't be had here ({})
  aqui não há {} bytes de memória ({})
`);
