/**
 * Errors that users of the command line and of the page meet, in Portuguese. Errors are thrown in English, here they are known by their
 * text: `{}` stands for anything. A test finds each English text in the sources; what isn't listed is shown in English.
 */
const ERRORS: readonly (readonly [english: string, portuguese: string])[] = [
  // Wrong usage, in commander's words.
  ["unknown command '{}'", "comando desconhecido: '{}'"],
  ["unknown option '{}'", "opção desconhecida: '{}'"],
  ["missing required argument '{}'", "falta o argumento '{}'"],
  ["option '{}' argument missing", "falta o valor da opção '{}'"],
  ["option '{}' argument '{}' is invalid. {}", "o valor da opção '{}' não serve: '{}'. {}"],
  [
    "command-argument value '{}' is invalid for argument '{}'. {}",
    "o valor '{}' não serve para o argumento '{}'. {}",
  ],
  ['Allowed choices are {}.', 'As escolhas são {}.'],
  ["too many arguments for '{}'. {}", "argumentos demais para '{}'. {}"],
  ['(Did you mean {}?)', '(Seria {}?)'],
  ['({} comes after its command: {})', '({} fica depois do comando: {})'],
  ['(--help lists the options)', '(--help lista as opções)'],
  // Our parsers of option values.
  ['Expected a whole number of at least {}.', 'Esperado: um número inteiro de pelo menos {}.'],
  ['Expected a whole number from {} to {}.', 'Esperado: um número inteiro de {} a {}.'],
  ['Expected a number above 0.', 'Esperado: um número acima de 0.'],
  ['Expected a number of at least 0.', 'Esperado: um número de pelo menos 0.'],
  ['Expected values that differ.', 'Esperado: valores diferentes.'],
  // Folders of runs.
  [
    '--out: folder must be new or empty: {} holds {} (--force replaces results in it)',
    '--out: a pasta deve ser nova ou vazia: {} contém {} (--force substitui os resultados nela)',
  ],
  ['--resume: no such folder: {}', '--resume: a pasta não existe: {}'],
  ['--out: must be a folder: {} is a file', '--out: deve ser uma pasta: {} é um arquivo'],
  [
    '--out: a resumed run already has its folder: leave out --out',
    '--out: uma execução retomada já tem a sua pasta: deixe --out de fora',
  ],
  ['--force: starts the run again, which --resume does not', '--force: recomeça, e --resume não'],
  [
    '--checkpoint-steps: there is no folder for checkpoints without --out',
    '--checkpoint-steps: sem --out não há pasta para os checkpoints',
  ],
  ['--force: there is no folder to replace without --out', '--force: sem --out não há pasta para substituir'],
  [
    '--force: there is no file to replace without --out: report.html always is',
    '--force: sem --out não há arquivo para substituir: report.html sempre é substituído',
  ],
  ['{}: nothing is thawed without --thaw', '{}: sem --thaw nada é descongelado'],
  [
    '--draw: there is no room for a drawing in --json: leave one of them out',
    '--draw: não há lugar para um desenho em --json: deixe um dos dois de fora',
  ],
  ['--cell: needs --out, the folder for its part', '--cell: precisa de --out, a pasta para a sua parte'],
  [
    "--json: one part of a study isn't a result: use --json with --merge",
    '--json: uma parte de um estudo não é um resultado: use --json com --merge',
  ],
  [
    "--classes: must be as many as the model's outputs: expected {}, got {}",
    '--classes: devem ser tantas quantas as saídas do modelo: esperado {}, recebido {}',
  ],
  // Files.
  ['{}: not found: expected {}', '{}: não encontrado: esperado {}'],
  ['{}: not found', '{}: não encontrado'],
  ["{}: can't be read: {}", '{}: não pode ser lido: {}'],
  ["{}: can't be written: {}", '{}: não pode ser gravado: {}'],
  ['{}: no such folder', '{}: a pasta não existe'],
  ['{}: no such file or folder', '{}: não existe tal arquivo ou pasta'],
  [
    '{}: no such file: expected a folder with a model of {}',
    '{}: não existe: esperada uma pasta com um modelo de {}',
  ],
  ['{}: must be a folder, got a file', '{}: deve ser uma pasta, e é um arquivo'],
  ['{}: must be a regular file', '{}: deve ser um arquivo comum'],
  ['{}: empty: expected some bytes, got 0', '{}: vazio: esperados alguns bytes, recebidos 0'],
  [
    '{}: expected a JPEG or PNG image, got {} (degelo reads {})',
    '{}: esperada uma imagem JPEG ou PNG, recebido: {} (o degelo lê {})',
  ],
  ['{}: expected a JPEG or PNG image, got {}', '{}: esperada uma imagem JPEG ou PNG, recebido: {}'],
  [
    'JPEG and PNG: save it as one of them in any image program, or with ImageMagick: {}',
    'JPEG e PNG: salve-a assim em qualquer programa de imagens, ou com o ImageMagick: {}',
  ],
  ['{}: truncated: {}', '{}: cortado: {}'],
  // Folders of photos.
  [
    '{}: photos must be in one folder per class, as cats/1.jpg: got {}',
    '{}: as fotos devem estar em uma pasta por classe, como gatos/1.jpg: encontrado {}',
  ],
  ['{} directly in it', '{} diretamente nela'],
  ['{} beside the folders', '{} ao lado das pastas'],
  [
    '{}: expected one folder per class, two or more: got {}',
    '{}: esperada uma pasta por classe, duas ou mais: encontrado {}',
  ],
  ['{}: a split folder holds train and test', '{}: uma pasta dividida contém train e test'],
  ['one, {}', 'uma, {}'],
  ['none', 'nenhuma'],
  ['{}: a class needs photos: got an empty folder', '{}: uma classe precisa de fotos: a pasta está vazia'],
  [
    '{}: classes must differ in more than capital letters and how accents are written: got {} and {}',
    '{}: as classes devem diferir em mais do que maiúsculas e a escrita dos acentos: {} e {}',
  ],
  [
    '{}: the model knows no class {}: its classes are {}: --classes names them otherwise',
    '{}: o modelo não conhece a classe {}: as suas classes são {}: --classes dá outros nomes',
  ],
  // Pretrained networks.
  [
    '--base: the pretrained network is missing: --base MODEL',
    '--base: falta a rede pré-treinada: --base MODELO',
  ],
  ['--images: the photos are missing: --images FOLDER', '--images: faltam as fotos: --images PASTA'],
  [
    '--images: this model takes photos: --images FOLDER, one folder per class',
    '--images: este modelo recebe fotos: --images PASTA, com uma pasta por classe',
  ],
  [
    '{}: {} has no layer {}: {} (degelo summary lists them all)',
    '{}: {} não tem a camada {}: {} (degelo summary mostra todas)',
  ],
  ['did you mean {}?', 'seria {}?'],
  ['its last ones are {}', 'as últimas são {}'],
  ['predict: {} of {} files failed: {}', 'predict: {} de {} arquivos falharam: {}'],
  // What readers of files have to say.
  ['Note: {}', 'Nota: {}'],
  [
    "option '{}' is given twice: '{}' counts, '{}' doesn't",
    "a opção '{}' aparece duas vezes: vale '{}', e não '{}'",
  ],
  [
    'its weights ({}) have become float32, and so is what it computes: results differ a little from those of a quantised network',
    'os seus pesos ({}) viraram float32, e assim também o que ela calcula: os resultados diferem um pouco dos de uma rede quantizada',
  ],
  [
    'it takes pixels from 0 to 255: its first layer makes its own units of them',
    'ela recebe pixels de 0 a 255: a primeira camada faz deles as suas próprias unidades',
  ],
  // The page's server.
  [
    "--port: {} can't be had: another program uses it: give another, or 0 for any that is free",
    '--port: {} não está livre: outro programa a usa: dê outra, ou 0 para qualquer uma livre',
  ],
  // The page.
  ['there are no Web Workers here', 'aqui não há Web Workers'],
  [
    'this page was loaded over plain http:, and only pages from https: or localhost may share memory with threads',
    'esta página veio por http: simples, e só páginas de https: ou localhost podem dividir memória com threads',
  ],
  [
    "this page isn't cross-origin isolated, so it can't share memory with threads: its server must send the headers {} and {}",
    'esta página não está isolada de outras origens, e por isso não pode dividir memória com threads: o servidor dela deve enviar os cabeçalhos {} e {}',
  ],
  [
    "this browser has no SharedArrayBuffer, so threads can't share memory",
    'este navegador não tem SharedArrayBuffer, e por isso as threads não podem dividir memória',
  ],
  ["a worker thread can't start: {}", 'uma thread não pode começar: {}'],
  ["{}: can't be downloaded: {}", '{}: não pode ser baixado: {}'],
  ['HTTP status {}', 'status HTTP {}'],
  [
    '{}: no model that is known: expected {}; got {}',
    '{}: não é um modelo conhecido: esperado {}; recebido: {}',
  ],
  ["a model of degelo's own format, {}", 'um modelo no formato próprio do degelo, {}'],
  ['a TensorFlow.js LayersModel, {}', 'um LayersModel do TensorFlow.js, {}'],
  ["a model of Keras' own format (.keras), {}", 'um modelo no formato próprio do Keras (.keras), {}'],
  ['a model of Keras in HDF5 (.h5), {}', 'um modelo do Keras em HDF5 (.h5), {}'],
  ['a TensorFlow Lite network', 'uma rede do TensorFlow Lite'],
  ['other bytes', 'outros bytes'],
  ['a zip archive', 'um arquivo zip'],
  ['a JPEG image{}', 'uma imagem JPEG{}'],
  ['a PNG image{}', 'uma imagem PNG{}'],
  [
    '{}: an HDF5 file with weights and no layers (save_weights): {}',
    '{}: um arquivo HDF5 com pesos e sem camadas (save_weights): {}',
  ],
  [
    'make the model (the same layers, by sequential or model), and give it these weights: {}',
    'faça o modelo (as mesmas camadas, com sequential ou model) e dê-lhe estes pesos: {}',
  ],
  [
    "{}: layer {}: isn't supported: expected one of {}",
    '{}: a camada {} não é conhecida: esperada uma destas: {}',
  ],
  ['put such layers in its place in Keras', 'ponha camadas assim no lugar dela no Keras'],
  ['{} and {} more', '{} e mais {}'],
  ['an empty file', 'um arquivo vazio'],
  [
    '{}: this model has a file beside it, {}: choose both together, got {}',
    '{}: este modelo tem um arquivo ao lado, {}: escolha os dois juntos, recebido: {}',
  ],
  [
    '{}: expected a model for drawings of {} or photos of [height,width,3], got {}',
    '{}: esperado um modelo para desenhos de {} ou fotos de [altura,largura,3], recebido {}',
  ],
  [
    '{}: expected a model that gives probabilities of two classes or more, got {}',
    '{}: esperado um modelo que dá probabilidades de duas classes ou mais, recebido {}',
  ],
  [
    "{}: this network doesn't say what it wants of pixels: expected one of Keras' applications under its own name, or one that begins with a Rescaling layer",
    '{}: esta rede não diz o que quer dos pixels: esperada uma das redes prontas do Keras, com o seu próprio nome, ou uma que comece com uma camada Rescaling',
  ],
  [
    '{}: must be a network for colour images: expected input [height, width, 3], got {}',
    '{}: deve ser uma rede para imagens em cores: esperada a entrada [altura, largura, 3], recebida {}',
  ],
  [
    "{}: no room is left in this browser's storage for this site ({})",
    '{}: não há mais espaço para este site no armazenamento deste navegador ({})',
  ],
  ['{}: there is no IndexedDB here: {}', '{}: aqui não há IndexedDB: {}'],
  ["this browser can't read it as an image", 'este navegador não consegue lê-lo como imagem'],
  ['this browser gives no 2D canvas', 'este navegador não dá uma tela 2D'],
  [
    '{}: no ink: expected a digit, got an image in which nothing stands out from its background',
    '{}: sem traços: esperado um dígito, recebida uma imagem em que nada se destaca do fundo',
  ],
  // How a program ends.
  ['interrupted', 'interrompido'],
  ['terminated', 'encerrado'],
  ['continue with: {}', 'continue com: {}'],
];

const PATTERNS = ERRORS.map(([english, portuguese]) => ({
  pattern: new RegExp(`^${english.split('{}').map(literal).join('([\\s\\S]*?)')}$`),
  portuguese,
}));

/** The English texts, for the test that looks for them. */
export const ENGLISH_ERRORS = ERRORS.map(([english]) => english);

/**
 * A message in Portuguese; in English where it isn't known. Lines, and parts after a semicolon, are looked up by
 * themselves, and so is what is in the place of `{}`.
 */
export function errorInPortuguese(message: string): string {
  for (const { pattern, portuguese } of PATTERNS) {
    const match = pattern.exec(message);
    if (!match) continue;
    const parts = match.slice(1).map(errorInPortuguese);
    return portuguese.replace(/\{\}/g, () => parts.shift() ?? '');
  }
  const separator = ['\n', '; '].find((separator) => message.includes(separator));
  return separator === undefined ? message : message.split(separator).map(errorInPortuguese).join(separator);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
