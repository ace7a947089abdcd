/** What unpacks archives in Node. */
export { unpacker } from '../data/file.ts';
