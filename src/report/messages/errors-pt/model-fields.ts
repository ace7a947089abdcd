/** What stands in a model's file: fields of JSON, layers and weights. */
import { linesOf } from '../translator.ts';

export const MODEL_FIELDS = linesOf(`
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
layer names must differ in this format, also between models within models, got {} twice: rename one: {}
  neste formato os nomes das camadas devem ser diferentes, também entre modelos dentro de modelos, e {} está duas vezes: dê outro: {}
isn't supported: expected one of {}
  o degelo não a tem: esperada uma de {}
put such layers in its place in Keras
  ponha tais camadas no lugar dela no Keras
a Lambda is Python code: put such layers in its place in Keras
  uma Lambda é código Python: ponha tais camadas no lugar dela no Keras
where it holds a Dense layer, put that in its place in Keras: it works along the last dimension by itself
  se contém uma camada Dense, ponha esta no lugar dela no Keras: ela já trabalha ao longo da última dimensão
put the layer that it holds in its place in Keras
  ponha no lugar dela, no Keras, a camada que ela contém
Keras {} wrote it, and degelo knows Keras up to {}
  foi escrito pelo Keras {}, e o degelo conhece o Keras até {}
put Dense in its place in Keras where its equation is a product along the last dimension
  ponha Dense no lugar dela no Keras onde a sua equação é um produto na última dimensão
it holds a network of another library: make it again of layers of Keras
  ela contém uma rede de outra biblioteca: faça-a de novo com camadas do Keras
put its layers in its place in Keras, one by one
  ponha no lugar dela, no Keras, as suas camadas, uma a uma
degelo has images, and neither volumes nor films: put 2D layers in its place in Keras
  o degelo tem imagens, e não volumes nem filmes: ponha camadas 2D no lugar dela no Keras
leave it out in Keras, and do to the data what it did
  deixe-a de fora no Keras, e faça aos dados o que ela fazia
"channels_last" (keras.config.set_image_data_format("channels_last"), make the model again, and give it these weights by set_weights: kernels are alike)
  "channels_last" (keras.config.set_image_data_format("channels_last"), faça o modelo outra vez, e dê-lhe estes pesos com set_weights: os kernels são iguais)
false (make the model again in Keras without renorm, and give it the weights that both have by set_weights)
  false (faça o modelo outra vez no Keras sem renorm, e dê-lhe com set_weights os pesos que os dois têm)
-1, the last dimension, where the channels are (Permute brings another there)
  -1, a última dimensão, onde estão os canais (Permute põe outra ali)
leave it out in Keras where no recurrent layer follows
  deixe-a de fora no Keras, se nenhuma camada recorrente a segue
put AveragePooling2D or MaxPooling2D with pools of input size / output size in its place in Keras
  ponha no lugar dela, no Keras, AveragePooling2D ou MaxPooling2D com pools de tamanho da entrada / tamanho da saída
recurrent layers, embeddings and attention are for TensorFlow.js or PyTorch
  camadas recorrentes, embeddings e atenção são para o TensorFlow.js ou o PyTorch
{} can't be stored in this format: expected {}
  {} não tem lugar neste formato: esperado {}
{} can't be stored in this format (degelo's own has it)
  {} não tem lugar neste formato (o do próprio degelo o tem)
activation {} can't be stored in this format: TensorFlow.js lacks it (degelo's own format has it)
  a ativação {} não tem lugar neste formato: o TensorFlow.js não a tem (o formato do degelo a tem)
[1,1] in a file that TensorFlow.js wrote, since it computes that, whatever it wrote (put it there)
  [1,1] em um arquivo que o TensorFlow.js escreveu, pois é o que ele calcula, escreva o que escrever (ponha isso lá)
"nearest" in a file that TensorFlow.js wrote, whose "bilinear" is another than Keras'
  "nearest" em um arquivo que o TensorFlow.js escreveu, cujo "bilinear" é outro que o do Keras
−1 or above in a file that TensorFlow.js wrote, since it takes all below for −1 (put that there)
  −1 ou mais em um arquivo que o TensorFlow.js escreveu, pois ele toma tudo abaixo por −1 (ponha isso lá)
{} can't be stored in this format: TensorFlow.js lacks it (.keras and degelo's own format have it)
  {} não tem lugar neste formato: o TensorFlow.js não a tem (.keras e o formato do degelo a têm)
{} can't be stored in this format: TensorFlow.js lacks it (.keras and degelo's own format have it): where it begins the model, cut it off: model({ inputs: net.getLayer('{}').output, outputs: net.output })
  {} não tem lugar neste formato: o TensorFlow.js não a tem (.keras e o formato do degelo a têm): se ela inicia o modelo, corte-a: model({ inputs: net.getLayer('{}').output, outputs: net.output })
{} can't be stored in this format: TensorFlow.js computes another (.keras and degelo's own format have it)
  {} não tem lugar neste formato: o TensorFlow.js calcula outra (.keras e o formato do degelo a têm)
{} can't be stored in this format: TensorFlow.js lacks it (layer.unsupported = null gives it up, which changes no prediction)
  {} não tem lugar neste formato: o TensorFlow.js não o tem (layer.unsupported = null o deixa de fora, o que não muda nenhuma previsão)
its name can't be stored in this format: TensorFlow.js takes letters and digits from A to z and 0 to 9, and "_", ".", "/" and "-" behind the first: rename it: {}
  o seu nome não tem lugar neste formato: o TensorFlow.js aceita letras e algarismos de A a z e 0 a 9, e "_", ".", "/" e "-" depois do primeiro: dê outro: {}
activation {} can't be stored in this format: Keras 3 lacks it (degelo's own format has it)
  a ativação {} não tem lugar neste formato: o Keras 3 não a tem (o formato do degelo a tem)
a name with "/" can't be stored in this format: Keras 3 refuses it: rename it: {}
  um nome com "/" não tem lugar neste formato: o Keras 3 o recusa: dê outro: {}
{}: must fit the layer before it: expected {}, got {*}
  {}: deve combinar com a camada anterior: esperado {}, recebido: {}
expected samples [steps, channels], got {}
  esperadas amostras [passos, canais], recebido {}
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
{}: save it from Keras as .keras, with LoRA within the kernels
  {}: salve-o no Keras como .keras, com LoRA dentro dos kernels
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
`);
