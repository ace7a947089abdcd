/**
 * The files of an input as one, for a reproducer or for shared memory: number of files, then each one's length
 * and bytes. Numbers are 32 bits, little-endian.
 */

/** @param {readonly Uint8Array[]} files @returns {Uint8Array} */
export function pack(files) {
  const u32 = (number) => new Uint8Array(Uint32Array.of(number).buffer);
  return new Uint8Array(
    Buffer.concat([u32(files.length), ...files.flatMap((file) => [u32(file.length), file])]),
  );
}

/** @param {Uint8Array} bytes @returns {Uint8Array[]} */
export function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 4;
  return Array.from({ length: view.getUint32(0, true) }, () => {
    const length = view.getUint32(at, true);
    at += 4 + length;
    return bytes.slice(at - length, at);
  });
}
