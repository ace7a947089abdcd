/** What a file really is, by how it begins: for messages about files that aren't what they should be. */
import { characters } from './text.ts';

/** How files of a kind begin: characters, with ? for any, at the beginning or (`at`) after it. */
interface Beginning {
  readonly name: string;
  readonly signs: readonly string[];
  readonly at?: number;
}

const BEGINNINGS: readonly Beginning[] = [
  { name: 'a JPEG image', signs: ['\xff\xd8\xff'] },
  { name: 'a PNG image', signs: ['\x89PNG\r\n\x1a\n'] },
  { name: 'a GIF image', signs: ['GIF8'] },
  { name: 'a WebP image', signs: ['RIFF????WEBP'] },
  { name: 'a TIFF image', signs: ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'] },
  { name: 'an AVIF image', signs: ['ftypavif', 'ftypavis'], at: 4 },
  { name: 'a HEIC image', signs: ['ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1'], at: 4 },
  { name: 'a JPEG XL image', signs: ['\xff\n', '\0\0\0\fJXL '] },
  { name: 'a JPEG 2000 image', signs: ['\0\0\0\fjP  ', '\xff\x4f\xff\x51'] },
  { name: 'an SVG image', signs: ['<svg'] },
  { name: 'a PDF file', signs: ['%PDF'] },
  { name: 'a NumPy array (.npy)', signs: ['\x93NUMPY'] },
  { name: "an HDF5 file (Keras' .h5)", signs: ['\x89HDF'] },
  { name: 'a zip archive', signs: ['PK\x03\x04', 'PK\x05\x06'] },
  { name: 'a gzip file', signs: ['\x1f\x8b'] },
  { name: 'a bzip2 file', signs: ['BZh'] },
  { name: 'an xz file', signs: ['\xfd7zXZ'] },
  { name: 'a pointer of Git LFS, not the file itself', signs: ['version https://git-lfs'] },
  { name: 'a BMP image', signs: ['BM'] },
  { name: 'an icon', signs: ['\0\0\x01\0'] },
  { name: 'a PNM image', signs: ['P5\n', 'P6\n', 'P5 ', 'P6 '] },
  { name: 'a Photoshop image', signs: ['8BPS'] },
  { name: 'a film', signs: ['ftypmp4', 'ftypisom', 'ftypqt', 'ftypM4V'], at: 4 },
  { name: 'a Python pickle', signs: ['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'] },
  { name: 'a TensorFlow SavedModel (saved_model.pb)', signs: ['\b\x01\x12'] }, // schema_version, then meta_graphs
  { name: 'an ONNX model', signs: ['\b?\x12', '\b?:', '\b?B'] }, // ModelProto: ir_version, then producer_name, graph or opset_import
  { name: 'a TensorFlow checkpoint', signs: ['model_checkpoint_path'] },
];

/** Images that any program can save as PNG. */
const CONVERTIBLE = /GIF|WebP|TIFF|HEIC|AVIF|JPEG (XL|2000)|BMP|SVG|PNM|Photoshop|icon/;

/** `an HTML page`, `a JPEG image`; null where the bytes tell nothing. */
export function kindOf(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'an empty file';
  const text = characters(bytes.subarray(0, 256));
  const begins = ({ signs, at = 0 }: Beginning): boolean =>
    signs.some((sign) => Array.from(sign).every((c, i) => c === '?' || c === text[at + i]));
  const known = BEGINNINGS.find(begins);
  if (known) return known.name;
  const markup = text.replace(/^(\xef\xbb\xbf)?\s*/, '').toLowerCase();
  if (/^<(!doctype html|html|head|body)/.test(markup)) return 'an HTML page';
  if (/^(<\?xml[^>]*>\s*)?<svg/.test(markup)) return 'an SVG image';
  if (/^<\?xml/.test(markup)) return 'an XML file';
  return null;
}

/** What to do with it, as the end of a message; '' where nothing is known. */
export function adviceFor(kind: string): string {
  if (CONVERTIBLE.test(kind)) {
    return ' (degelo reads JPEG and PNG: save it as one of them in any image program, or with ImageMagick: magick IMAGE image.png)';
  }
  if (/archive|gzip|bzip2|xz/.test(kind)) return ' (unpack it, and name what was in it)';
  if (/JPEG/.test(kind)) return ' (decodeImage reads it)';
  if (/HTML/.test(kind))
    return ' (a download that went wrong is often such a page: open it to see what the server said)';
  return '';
}
