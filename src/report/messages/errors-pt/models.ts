/** Files of models and weights, of any format but TensorFlow Lite's. */
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
{} can't be saved or cloned: it is of another copy of degelo: let both import the same one
  não dá para salvar {}: é de outra cópia do degelo: importe a mesma nos dois lugares
{}: expected a path or a file: URL, got an empty string
  {}: esperado um caminho ou uma URL file:, recebido um texto vazio
{}: expected a path or a file: URL, got {} (for other places encode… and decode… functions have the bytes)
  {}: esperado um caminho ou uma URL file:, recebido {} (para outros lugares há as funções encode… e decode…, com os bytes)
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
{} weight stored as {} became float32
  {} peso gravado como {} virou float32
{} weights stored as {} became float32
  {} pesos gravados como {} viraram float32
{} tensor of {} became float32: every number is the same
  {} tensor de {} virou float32: cada número é o mesmo
{} tensors of {} became float32: every number is the same
  {} tensores de {} viraram float32: cada número é o mesmo
# JSON and its fields.
text must be UTF-8: got {*}
  o texto deve ser UTF-8, recebido: {}
damaged JSON: {}
  JSON danificado: {}
JSON must be an object, got nothing
  o JSON deve ser um objeto, e está vazio
JSON must be an object, got {*}
  o JSON deve ser um objeto, recebido: {}
{}: its JSON must be text, got {*}
  {}: o seu JSON deve ser um texto, recebido: {}
{} characters
  {} caracteres
JSON is nested too deep: expected at most {} levels
  o JSON tem níveis demais: esperados no máximo {}
JSON has too many parts: expected at most {} objects and lists, {} keys and {} values, got {}, {} and {}
  o JSON tem partes demais: esperados no máximo {} objetos e listas, {} chaves e {} valores, recebidos {}, {} e {}
keys must differ, got nothing twice
  as chaves devem ser diferentes, e a vazia está duas vezes
keys must differ, got {} twice
  as chaves devem ser diferentes, e {} está duas vezes
{}: fields must differ, got {} in two spellings
  {}: os campos devem ser diferentes, e {} está escrito de dois modos
{}, as in its history, and at most {}
  {}, como no seu histórico, e no máximo {}
digits
  dígitos
directions
  direções
numbers and "all"
  números e "all"
plain, simd or fma
  plain, simd ou fma
a convolution
  uma convolução
a time such as {}
  uma hora como {}
a time
  uma hora
{} lists
  {} listas
{} numbers
  {} números
{} to {} classes
  {} a {} classes
four integers ≥ {}
  quatro inteiros ≥ {}
three integers ≥ {}
  três inteiros ≥ {}
{} bytes in base64
  {} bytes em base64
{} pixels in base64
  {} pixels em base64
a number within float32’s range
  um número que cabe em float32
a number ≥ 0 within float32’s range
  um número ≥ 0 que cabe em float32
the epochs before epoch {}, one after another
  as épocas antes da época {}, uma depois da outra
names, two or more
  nomes, dois ou mais
layer names
  nomes de camadas
words
  palavras
null, a number or a name
  null, um número ou um nome
the result's
  o do resultado
{} rows of {} integers ≥ 0
  {} linhas de {} inteiros ≥ 0
a class
  uma classe
{} numbers from 0 to 1
  {} números de 0 a 1
plain file names
  nomes simples de arquivos
a plain file name
  um nome simples de arquivo
64 hexadecimal digits
  64 dígitos hexadecimais
a layer with name and trainable
  uma camada com name e trainable
{} or {}
  {} ou {}
float32, int32 or bool
  float32, int32 ou bool
null or absent (it isn't supported)
  null ou ausente (o degelo não o tem)
"float32", or of half or double precision
  "float32", ou de precisão simples, dupla ou meia
"float32" (one of whole numbers is read where only Rescaling or Normalization reads it: put Rescaling(1.0) after it in Keras)
  "float32" (uma de números inteiros é lida se só Rescaling ou Normalization a lê: ponha Rescaling(1.0) depois dela no Keras)
[null, …sizes] without another null, since it is the first layer (keras.Input)
  [null, …tamanhos] sem outro null, pois é a primeira camada (keras.Input)
[null, …sizes] without another null, since it is the first layer (sizes that the file leaves open are given by loadModel(place, { inputShape: [224, 224, 3] }), or --size 224 of degelo convert and finetune)
  [null, …tamanhos] sem outro null, pois é a primeira camada (tamanhos que o arquivo deixa abertos vêm de loadModel(place, { inputShape: [224, 224, 3] }), ou de --size 224 de degelo convert e finetune)
{ dtype: "uint8" or "uint16", scale, min }, or { dtype: "float16" }
  { dtype: "uint8" ou "uint16", scale, min }, ou { dtype: "float16" }
"Sequential", "Functional" or "Model" (other classes are Python code: make a functional model of them in Keras)
  "Sequential", "Functional" ou "Model" (outras classes são código Python: faça delas um modelo funcional no Keras)
# Layers and their weights.
layers must be at most {}, got {*}
  as camadas devem ser no máximo {}, recebidas {}
a model needs at least one layer, got none
  um modelo precisa de pelo menos uma camada, e não há nenhuma
layer names must differ, got {} twice
  os nomes das camadas devem ser diferentes, e {} está duas vezes
layer names must differ, got it twice
  os nomes das camadas devem ser diferentes, e este está duas vezes
layer names must differ in this format, also between models within models, got {} twice
  neste formato os nomes das camadas devem ser diferentes, também entre modelos dentro de modelos, e {} está duas vezes
isn't supported: expected one of {}
  o degelo não a tem: esperada uma de {}
put such layers in its place in Keras
  ponha tais camadas no lugar dela no Keras
a Lambda is Python code: put such layers in its place in Keras
  uma Lambda é código Python: ponha tais camadas no lugar dela no Keras
put its 2D kin in its place in Keras, behind Reshape((steps, 1, channels)), with kernels, pools and strides of (k, 1)
  ponha no lugar dela, no Keras, a sua irmã 2D, depois de Reshape((steps, 1, channels)), com kernels, pools e strides de (k, 1)
where it holds a Dense layer, put that in its place in Keras: it works along the last dimension by itself
  se contém uma camada Dense, ponha esta no lugar dela no Keras: ela já trabalha ao longo da última dimensão
put the layer that it holds in its place in Keras
  ponha no lugar dela, no Keras, a camada que ela contém
put its layers in its place in Keras, one by one
  ponha no lugar dela, no Keras, as suas camadas, uma a uma
degelo has images, and neither volumes nor films: put 2D layers in its place in Keras
  o degelo tem imagens, e não volumes nem filmes: ponha camadas 2D no lugar dela no Keras
leave it out in Keras, and do to the data what it did
  deixe-a de fora no Keras, e faça aos dados o que ela fazia
"channels_last" (keras.config.set_image_data_format("channels_last"), make the model again, and give it these weights by set_weights: kernels are alike)
  "channels_last" (keras.config.set_image_data_format("channels_last"), faça o modelo outra vez, e dê-lhe estes pesos com set_weights: os kernels são iguais)
leave it out in Keras where no recurrent layer follows
  deixe-a de fora no Keras, se nenhuma camada recorrente a segue
put AveragePooling2D or MaxPooling2D with pools of input size / output size in its place in Keras
  ponha no lugar dela, no Keras, AveragePooling2D ou MaxPooling2D com pools de tamanho da entrada / tamanho da saída
recurrent layers, embeddings and attention are for TensorFlow.js or PyTorch
  camadas recorrentes, embeddings e atenção são para o TensorFlow.js ou o PyTorch
{} can't be stored in this format: expected {}
  {} não tem lugar neste formato: esperado {}
{} can't be stored in this format
  {} não tem lugar neste formato
activation {} can't be stored in this format: TensorFlow.js lacks it
  a ativação {} não tem lugar neste formato: o TensorFlow.js não a tem
[1,1] in a file that TensorFlow.js wrote, since it computes that, whatever it wrote (put it there)
  [1,1] em um arquivo que o TensorFlow.js escreveu, pois é o que ele calcula, escreva o que escrever (ponha isso lá)
"nearest" in a file that TensorFlow.js wrote, whose "bilinear" is another than Keras'
  "nearest" em um arquivo que o TensorFlow.js escreveu, cujo "bilinear" é outro que o do Keras
−1 or above in a file that TensorFlow.js wrote, since it takes all below for −1 (put that there)
  −1 ou mais em um arquivo que o TensorFlow.js escreveu, pois ele toma tudo abaixo por −1 (ponha isso lá)
{} can't be stored in this format: TensorFlow.js lacks it (.keras and degelo's own format have it)
  {} não tem lugar neste formato: o TensorFlow.js não a tem (.keras e o formato do degelo a têm)
{} can't be stored in this format: TensorFlow.js computes another (.keras and degelo's own format have it)
  {} não tem lugar neste formato: o TensorFlow.js calcula outra (.keras e o formato do degelo a têm)
{} can't be stored in this format: TensorFlow.js lacks it (layer.unsupported = null gives it up, which changes no prediction)
  {} não tem lugar neste formato: o TensorFlow.js não o tem (layer.unsupported = null o deixa de fora, o que não muda nenhuma previsão)
its name can't be stored in this format: TensorFlow.js takes letters and digits from A to z and 0 to 9, and "_", ".", "/" and "-" behind the first
  o seu nome não tem lugar neste formato: o TensorFlow.js aceita letras e algarismos de A a z e 0 a 9, e "_", ".", "/" e "-" depois do primeiro
activation {} can't be stored in this format: Keras 3 lacks it
  a ativação {} não tem lugar neste formato: o Keras 3 não a tem
a name with "/" can't be stored in this format: Keras 3 refuses it
  um nome com "/" não tem lugar neste formato: o Keras 3 o recusa
{}: must fit the layer before it: expected {}, got {*}
  {}: deve combinar com a camada anterior: esperado {}, recebido: {}
expected images, and a height and a width for them, got input {}
  esperadas imagens, e uma altura e uma largura para elas, recebida a entrada {}
Keras 2 resizes in a prediction, and Keras 3 doesn't: put Resizing({}, {}, crop_to_aspect_ratio=True) in its place in Keras
  o Keras 2 redimensiona em uma previsão, e o Keras 3 não: ponha Resizing({}, {}, crop_to_aspect_ratio=True) no lugar dela no Keras
its layers must be a chain
  as suas camadas devem ser uma cadeia
model {}: {*}
  modelo {}: {}
{} is called with {}: expected only its input
  {} é chamada com {}: esperada só a sua entrada
one input for now, got {} beside {}
  por enquanto uma só entrada, recebida {} ao lado de {}
one output for now, got {*}
  por enquanto uma só saída, recebido: {}
one input for now, got {} and {}
  por enquanto uma só entrada, recebidas {} e {}
layers read one another in a circle: {}
  as camadas leem umas das outras em círculo: {}
input_layers names {}, which doesn't exist
  input_layers indica {}, que não existe
{} names {}, which doesn't exist
  {} indica {}, que não existe
all layers must lead to the output {}, got {} at the end
  todas as camadas devem levar à saída {}, e {} fica no fim
{} must name one layer, got {*}
  {} deve indicar uma camada, recebido: {}
{} must be used once, got {} times: a model takes a layer once (make one for each use in Keras, with the same weights)
  {} só pode ser usada uma vez, e são {}: um modelo usa cada camada uma vez (faça no Keras uma para cada uso, com os mesmos pesos)
{} reads nothing: expected the layers before it
  {} não lê nada: esperadas as camadas antes dela
{} reads {}, which doesn't exist
  {} lê {}, que não existe
operation {} ({}) is only read in functional models: in Keras, keras.Model(model.inputs, model.outputs) makes one
  a operação {} ({}) só é lida em modelos funcionais: no Keras, keras.Model(model.inputs, model.outputs) faz um
operation {} ({}) must be used once, got {} times
  a operação {} ({}) só pode ser usada uma vez, e são {}
operation {} ({}) with these arguments has no layer here: expected {}; or end the model before it in Keras
  a operação {} ({}) com estes argumentos não tem camada aqui: esperado {}; ou termine o modelo antes dela no Keras
operation {} ({}): {*}
  operação {} ({}): {}
a slice must be of a sample of one to three dimensions, and leave something of each: expected less than {}, got {*}
  um recorte deve ser de uma amostra de uma a três dimensões, e deixar algo de cada uma: esperado menos que {}, recebido: {}
models within models: expected at most {} deep, got more
  modelos dentro de modelos: esperados no máximo {} níveis, há mais
a graph needs an input and at least one layer
  um grafo precisa de uma entrada e de pelo menos uma camada
unknown layer class {}: expected one of {}
  classe de camada desconhecida, {}: esperada uma de {}
its weights are in {}, which isn't read: save it with {}, as model.save('model.keras') does
  os seus pesos estão em {}, que não é lido: salve-o com {}, como faz model.save("model.keras")
an HDF5 file with weights and no layers (save_weights): {*}
  um arquivo HDF5 com pesos e sem camadas (save_weights): {}
an HDF5 file without a model of Keras: expected the attribute model_config, got groups {}
  um arquivo HDF5 sem um modelo do Keras: esperado o atributo model_config, recebidos os grupos {}
not weights of Keras: expected a group layers or model_weights, got {*}
  sem pesos do Keras: esperado um grupo layers ou model_weights, recebido: {}
{} arrays of weights ({*}), got {*}
  {} arrays de pesos ({}), recebidos {}
tensor {} is missing: expected {*}
  falta o tensor {}: esperado {}
float32 of shape {}
  float32 de formato {}
tensor {} must be float32 of shape {}, got {} of shape {}
  o tensor {} deve ser float32 de formato {}, recebido {} de formato {}
tensor {} belongs to no layer of the model
  o tensor {} não é de nenhuma camada do modelo
tensor {} must be of type float16, bfloat16, float32 or float64, got {*}
  o tensor {} deve ser do tipo float16, bfloat16, float32 ou float64, recebido: {}
array {} must be of type <f4 or <f8, got {*}
  o array {} deve ser do tipo <f4 ou <f8, recebido: {}
members must be arrays: expected names that end in .npy, got {*}
  os membros devem ser arrays: esperados nomes que terminam em .npy, recebido: {}
numbers must be finite, got {} at index {}
  os números devem ser finitos, recebido {} no índice {}
{} must fit float32 exactly, got {} at index {}
  {} deve caber exatamente em float32, recebido {} no índice {}
{} bytes, as model.json says, got {*}
  {} bytes, como diz model.json, recebidos {}
weights must differ by name, got {} twice
  os pesos devem ter nomes diferentes, e {} está duas vezes
{} must differ, got {} twice
  {} devem ser diferentes, e {} está duas vezes
weights must be fewer bytes than 2^53: got weight {} of shape {}
  os pesos devem ser menos de 2^53 bytes: recebido o peso {} de formato {}
files must be at most {}
  os arquivos devem ser no máximo {}
not the weights that model.json names: expected {*}, got {*}
  não são os pesos que model.json indica: esperado {}, recebido: {}
header must begin with {
  o cabeçalho deve começar com {
__metadata__ must map strings to strings, got {*}
  __metadata__ deve ligar textos a textos, recebido: {}
must be an object with dtype, shape and data_offsets, got {*}
  deve ser um objeto com dtype, shape e data_offsets, recebido: {}
data_offsets must be [begin, end] with 0 ≤ begin ≤ end, got {*}
  data_offsets deve ser [começo, fim] com 0 ≤ começo ≤ fim, recebido: {}
data_offsets must span its bytes: expected {} for {} of shape {}, got {*}
  data_offsets deve abranger os seus bytes: esperado {} para {} de formato {}, recebido: {}
tensor {} overlaps the one before: expected offset {}, got {*}
  o tensor {} se sobrepõe ao anterior: esperado o offset {}, recebido: {}
tensor {} leaves a hole before it: expected offset {}, got {*}
  o tensor {} deixa um vazio antes dele: esperado o offset {}, recebido: {}
overlaps the one before: expected {} bytes of numbers, got {*}
  se sobrepõe ao anterior: esperados {} bytes de números, recebidos {}
leaves a hole before it: expected {} bytes of numbers, got {*}
  deixa um vazio antes dele: esperados {} bytes de números, recebidos {}
no tensor can be named __metadata__
  nenhum tensor pode ter o nome __metadata__
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
a group has its links in a fractal heap, which isn't read: {*}
  um grupo tem os seus links em um fractal heap, que não é lido: {}
save the model from Keras again (h5py with libver="earliest", its default)
  salve o modelo de novo no Keras (h5py com libver="earliest", o padrão)
has no numbers: expected {*}
  não tem números: esperado {}
a layout of version 1 to 4, got {*}
  uma disposição de versão 1 a 4, recebida {}
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
