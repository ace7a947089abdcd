/** Files of models, of any format but TensorFlow Lite's: what kind they are, pretrained networks, and notes on what was changed. */
import { linesOf } from '../translator.ts';

export const MODELS = linesOf(`
# What kind of file it is.
no such file: expected a folder with a model of degelo, TensorFlow.js or Keras, got {*}
  o arquivo não existe: esperada uma pasta com um modelo do degelo, do TensorFlow.js ou do Keras, recebido: {}
no such file: expected a folder with a model of degelo, TensorFlow.js or Keras
  o arquivo não existe: esperada uma pasta com um modelo do degelo, do TensorFlow.js ou do Keras
a TensorFlow SavedModel: in the program that made it, model.save('model.keras'), or in Python tf.lite.TFLiteConverter.from_saved_model(folder).convert(), whose bytes are a .tflite file
  um SavedModel do TensorFlow: no programa que o fez, model.save('model.keras'), ou em Python tf.lite.TFLiteConverter.from_saved_model(folder).convert(), cujos bytes são um arquivo .tflite
checkpoints: (await loadCheckpoint(folder)).model is their model
  checkpoints: o modelo deles é (await loadCheckpoint(folder)).model
a folder that has one in it: {}
  uma pasta que contém um: {}
this is {*}: {*}
  isto é {}: {}
a checkpoint of degelo
  um checkpoint do degelo
loadCheckpoint reads it
  loadCheckpoint o lê
a safetensors file, which holds weights and no layers
  um arquivo safetensors, que contém pesos e não camadas
NumPy's .npz, which holds weights and no layers
  um .npz do NumPy, que contém pesos e não camadas
Keras' index of weights in several files (save_weights with max_shard_size), without layers
  o índice do Keras de pesos em vários arquivos (save_weights com max_shard_size), sem camadas
make the model (the same layers, by sequential or model), and give it these weights: await loadWeights(model, place)
  faça o modelo (as mesmas camadas, com sequential ou model), e dê-lhe estes pesos: await loadWeights(model, place)
save the network from the library that made it: from Keras as .keras, from PyTorch its weights as .npz, as docs/exchange.md says
  salve a rede na biblioteca que a fez: no Keras como .keras, no PyTorch os seus pesos como .npz, como docs/exchange.md diz
TensorFlow's graph
  um grafo do TensorFlow
save it from Keras with {}, or make a .tflite file of it with tf.lite.TFLiteConverter
  salve-o no Keras com {}, ou faça dele um arquivo .tflite com tf.lite.TFLiteConverter
a TensorFlow checkpoint, which holds weights and no layers
  um checkpoint do TensorFlow, que contém pesos e não camadas
give them to the model in Keras (model.load_weights), and save it from Keras with {}
  dê-os ao modelo no Keras (model.load_weights), e salve-o no Keras com {}
a TensorFlow checkpoint, which holds weights and no layers: give them to the model in Keras (model.load_weights), and model.save('model.keras')
  um checkpoint do TensorFlow, que contém pesos e não camadas: dê-os ao modelo no Keras (model.load_weights), e model.save('model.keras')
an HDF5 file with weights of a class of its own (Python code) and no layers: make a functional model of the same layers in Keras, and save it with model.save("model.keras")
  um arquivo HDF5 com pesos de uma classe própria (código Python) e sem camadas: faça no Keras um modelo funcional das mesmas camadas, e salve-o com model.save("model.keras")
a PyTorch file
  um arquivo do PyTorch
it has weights under names of its own: docs/exchange.md says how they are written as .npz
  tem pesos com nomes próprios: docs/exchange.md diz como gravá-los como .npz
a TensorFlow.js GraphModel, whose operations can be run and not trained
  um GraphModel do TensorFlow.js, cujas operações podem ser executadas, mas não treinadas
save it from Keras with {}, or with {}
  salve-o no Keras com {}, ou com {}
save it from Keras with {}, or make it with modelFromJSON and give it weights with loadWeights
  salve-o no Keras com {}, ou faça-o com modelFromJSON e dê-lhe pesos com loadWeights
Keras' description of layers alone (model.to_json()), without weights
  só a descrição das camadas pelo Keras (model.to_json()), sem pesos
JSON with format {*}
  JSON com format {}
{*}, by {}
  {}, por {}
loadModel: output is for files of other libraries, but {} is {*}, which has one output
  loadModel: output é para arquivos de outros programas, e {} é {}, de uma saída só
loadModel: output must be one of {}, or its place from 0, got {*}
  loadModel: output deve ser uma destas: {}, ou o seu lugar a partir de 0, recebido: {}
this is degelo's own format: loadModel reads it
  este é o formato próprio do degelo: loadModel o lê
this is a TensorFlow.js model: loadLayersModel reads it
  este é um modelo do TensorFlow.js: loadLayersModel o lê
this is a whole model.json, with weights beside it: loadModel reads it
  este é um model.json inteiro, com pesos ao lado: loadModel o lê
loadWeights: expected weights as .safetensors or .npz, or Keras' .weights.h5, .weights.json, .h5 or .keras, got {*}, a whole model: loadModel reads it
  loadWeights: esperados pesos em .safetensors ou .npz, ou em .weights.h5, .weights.json, .h5 ou .keras do Keras, recebido {}, um modelo inteiro: loadModel o lê
loadWeights: expected weights as .safetensors or .npz, or Keras' .weights.h5, .weights.json, .h5 or .keras, got {*}
  loadWeights: esperados pesos em .safetensors ou .npz, ou em .weights.h5, .weights.json, .h5 ou .keras do Keras, recebido: {}
a model is written to a folder or a .keras file, and {*} can't be: got {*}
  um modelo é gravado em uma pasta ou em um arquivo .keras, e {} não pode ser: recebido: {}
a model is written to a folder, and {*} can't be: got {*}
  um modelo é gravado em uma pasta, e {} não pode ser: recebido: {}
{} can't be saved or cloned: got {*}
  não dá para salvar {}: recebido: {}
{}: expected a path or a file: URL, got an empty string
  {}: esperado um caminho ou uma URL file:, recebido um texto vazio
{}: expected a path or a file: URL, got {} ({*})
  {}: esperado um caminho ou uma URL file:, recebido {} ({})
for other places encode… and decode… functions have the bytes
  para outros lugares há as funções encode… e decode…, com os bytes
in a page, downloadModel and loadModelFiles of degelo/browser are for files of its user
  em uma página, downloadModel e loadModelFiles de degelo/browser são para arquivos de quem a usa
in a page, storeModel and loadStoredModel of degelo/browser keep models
  em uma página, storeModel e loadStoredModel de degelo/browser guardam modelos
{}: expected a place or a file's bytes, got {*}: decodeLayersModel makes a model of TensorFlow.js' parts: docs/tensorflow-js.md
  {}: esperado um lugar ou os bytes de um arquivo, recebido {}: decodeLayersModel faz um modelo das partes do TensorFlow.js: docs/tensorflow-js.md
{}: expected a place or a file's bytes, got {*}: loadModelFiles of degelo/browser takes the files of a model
  {}: esperado um lugar ou os bytes de um arquivo, recebido {}: loadModelFiles de degelo/browser recebe os arquivos de um modelo
this is what a model of degelo says of itself: cloneModel(model) has the same layers, with weights of its own
  isto é o que um modelo do degelo diz de si mesmo: cloneModel(model) tem as mesmas camadas, com pesos próprios
{} can't be saved or cloned: register it first: docs/extending.md
  não dá para salvar {}: registre-o antes: docs/extending.md
{}: {} is a name for weights alone, which saveWeights(model, place) writes: expected a folder
  {}: {} é um nome só para pesos, que saveWeights(model, place) grava: esperada uma pasta
file:/// begins a computer's own
  as deste computador começam com file:///
{}: expected a file: URL of a path here, got {} ({*})
  {}: esperada uma URL file: de um caminho deste computador, recebida {} ({})
{}: expected a path or a file: URL, got {*}
  {}: esperado um caminho ou uma URL file:, recebido: {}
this model needs a second file, {}: expected its path or address (or both contents, for decodeModel or decodeLayersModel)
  este modelo precisa de um segundo arquivo, {}: esperado o seu caminho ou endereço (ou os dois conteúdos, para decodeModel ou decodeLayersModel)
# Pretrained networks.
{}: {} has no layer {}: {*} (degelo summary lists them all)
  {}: {} não tem a camada {}: {} (degelo summary mostra todas)
{} has no layer {}: {*}
  {} não tem a camada {}: {}
did you mean {}?
  seria {}?
its last ones are {}
  as últimas são {}
--preprocess: must be given for this base, which doesn't say how it scales pixels: expected one of {} (what it was trained with), for {}
  --preprocess: é preciso para esta base, que não diz o que quer dos pixels: esperado um de {} (com que ela foi treinada), para {}
--thaw: must be at most the base's layers up to the cut: expected {} to {}, got {*}
  --thaw: devem ser no máximo as camadas da base até o corte: esperado de {} a {}, recebido: {}
--thaw: there must be weights to train among the layers: the last one that has some is {}, number {} from the top, got {*}
  --thaw: entre as camadas deve haver pesos para treinar: a última que os tem é {}, a número {} a partir do topo, recebido: {}
--thaw: there must be weights to train among the layers: the base has none, got {*}
  --thaw: entre as camadas deve haver pesos para treinar: a base não tem nenhum, recebido: {}
--size: the base takes {}, and can't take {}: {*}
  --size: a base recebe {}, e não pode receber {}: {}
{}: the model must have one output per class, at least two, or a single one behind a sigmoid: got output {}
  {}: o modelo deve ter uma saída por classe, e pelo menos duas, ou uma só depois de uma sigmoide: recebida a saída {}
{}: the model must take images of at most {} pixels: got {*}
  {}: o modelo deve receber imagens de no máximo {} pixels: recebe {}
{}: the model must take grey images or photos: expected input [height, width, 1 or 3], [height, width] or [side × side], got {*}
  {}: o modelo deve receber imagens em cinza ou fotos: esperada a entrada [altura, largura, 1 ou 3], [altura, largura] ou [lado × lado], recebida {}
{} must be the model's {} classes: got {}; --classes takes its place
  {} devem ser as {} classes do modelo: recebido {}; --classes toma o seu lugar
# Notes on what was left out or changed.
Note: {*}
  Nota: {}
its weights ({}) have become float32, and so is what it computes: results differ a little from those of a quantised network
  os seus pesos ({}) viraram float32, e assim também o que ela calcula: os resultados diferem um pouco dos de uma rede quantizada
it takes pixels from 0 to 255: its first layer makes its own units of them
  ela recebe pixels de 0 a 255: a primeira camada faz deles as suas próprias unidades
what the file was compiled with, and its optimizer's state, aren't read: compile the model to train it
  o compile do arquivo e o estado do seu otimizador não são lidos: compile o modelo para treiná-lo
layers that computed in {} compute in float32 here: more exactly, with other last digits
  camadas que calculavam em {} aqui calculam em float32: com mais exatidão, e outros últimos dígitos
names of classes, and photos in numbers from -1 to 1, are from Teachable Machine's metadata.json
  os nomes das classes, e fotos em números de -1 a 1, são do metadata.json do Teachable Machine
{} weight stored as {} became float32
  {} peso gravado como {} virou float32
{} weights stored as {} became float32
  {} pesos gravados como {} viraram float32
{} tensor of {} became float32: every number is the same
  {} tensor de {} virou float32: cada número é o mesmo
{} tensors of {} became float32: every number is the same
  {} tensores de {} viraram float32: cada número é o mesmo
`);
