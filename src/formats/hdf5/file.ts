/**
 * HDF5, as much of it as Keras' files have: groups, arrays of numbers, attributes. It is read where the bytes are, nothing before
 * it is asked for, and no more than the file has bytes for (docs/decisions/0010-hdf5.md says why it is our own).
 *
 *   superblock, version 0   signature, 0, …, sizes of addresses and lengths (8, 8), … | base, free space, end, drivers | root's entry
 *   superblock, version 2   signature, 2, 8, 8, flags | base, extension, end, root's address, checksum
 *
 * Source: HDF5 File Format Specification 3.0, https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
import { FormatError } from '../errors.ts';
import { show } from '../json.ts';
import { type AttributeValue, attributeOf } from './attribute.ts';
import { Source } from './cursor.ts';
import { type Dataset, datasetOf } from './dataset.ts';
import { type Links, linksOf } from './group.ts';
import { type Message, messagesOf } from './object-header.ts';

export const SIGNATURE = '\x89HDF\r\n\x1a\n';

/** A group, or an array, or both for one who asks for the wrong one. */
export class Hdf5Object {
  /** `/model_weights/dense`; `/` for the root. */
  readonly path: string;
  readonly #source: Source;
  readonly #messages: readonly Message[];
  #links: Links | null | undefined;

  constructor(source: Source, address: number, path: string) {
    this.#source = source;
    this.#messages = messagesOf(source, address);
    this.path = path;
  }

  /** Names in a group, in the file's order: by their letters, as h5py writes them. None in an array. */
  get names(): readonly string[] {
    return [...(this.#own() ?? new Map<string, number>()).keys()];
  }

  /** What is under a name, or a path of several; null: nothing. @throws FormatError for a link out of the group. */
  get(path: string): Hdf5Object | null {
    const [name, ...others] = path.split('/');
    const address = this.#own()?.get(name);
    if (address === undefined) return null;
    const own = `${this.path === '/' ? '' : this.path}/${name}`;
    if (address === null)
      throw new FormatError(this.#source.file, `${own} is a link to another place, which isn't followed`);
    const object = new Hdf5Object(this.#source, address, own);
    return others.length === 0 ? object : object.get(others.join('/'));
  }

  /** An array; null: it is a group. */
  dataset(): Dataset | null {
    return datasetOf(this.#source, this.#messages, show(this.path));
  }

  /** An attribute; undefined: there is none of this name. */
  attribute(name: string): AttributeValue | undefined {
    return attributeOf(this.#source, this.#messages, name);
  }

  #own(): Links | null {
    if (this.#links === undefined) this.#links = linksOf(this.#source, this.#messages);
    return this.#links;
  }
}

/**
 * The root group of an HDF5 file.
 * @param file what messages call it
 * @throws FormatError where it is none, or has what isn't read.
 */
export function openHdf5(bytes: Uint8Array, file: string): Hdf5Object {
  const source = new Source(bytes, file);
  const at = source.at(0);
  if (!at.has(SIGNATURE)) throw source.fault('no HDF5 file: expected its signature at the beginning');
  at.skip(SIGNATURE.length);
  const version = at.u8();
  if (version > 3) throw source.fault(`expected HDF5 with a superblock of version 0 to 3, got ${version}`);
  const isOld = version < 2;
  if (isOld) at.skip(4);
  const sizes = [at.u8(), at.u8()];
  if (sizes.join() !== '8,8')
    throw source.fault(`expected HDF5 with addresses and lengths of 8 bytes, got ${sizes}`);
  if (isOld) at.skip(version === 0 ? 9 : 13);
  else at.skip(1);
  const base = at.u64();
  if (base !== 0) throw source.fault(`expected HDF5 that begins at byte 0, got ${base}`);
  at.skip(8);
  const end = at.u64();
  if (end > bytes.length)
    throw source.fault(`truncated: expected ${end} bytes, as the file says of itself, got ${bytes.length}`);
  if (isOld) at.skip(8 + 8); // drivers; the root has no name
  return new Hdf5Object(source, at.u64(), '/');
}
