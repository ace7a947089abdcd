/**
 * An object's header: the messages that say what it is. Groups and arrays have one each.
 *
 *   version 1   1, reserved, number of messages (2), references (4), size of the first block (4), 4 to fill | messages
 *   version 2   OHDR, 2, flags, times and limits by the flags, size of the first block | messages | checksum
 *
 * A message that says "continue" (0x10) leads to the next block. Source: HDF5 File Format Specification 3.0, IV.A.
 */
import { Cursor, type Source } from './cursor.ts';

export const DATASPACE = 0x01;
export const LINK_INFO = 0x02;
export const DATATYPE = 0x03;
export const LINK = 0x06;
export const EXTERNAL_FILES = 0x07;
export const LAYOUT = 0x08;
export const FILTERS = 0x0b;
export const ATTRIBUTE = 0x0c;
const CONTINUATION = 0x10;
export const SYMBOL_TABLE = 0x11;
export const ATTRIBUTE_INFO = 0x15;

/** Bit of a message's flags: it is elsewhere, shared with other objects. */
const SHARED = 2;

export interface Message {
  readonly type: number;
  /** Where its content begins, and how many bytes it has: they are there. */
  readonly offset: number;
  readonly size: number;
}

interface Block {
  readonly begin: number;
  readonly size: number;
}

interface FirstBlock extends Block {
  /** Bytes before each message's content, in all blocks: its type, its size, its flags, and what only some files have. */
  readonly head: number;
}

/** All messages of the object at this address, in their order. @throws FormatError where it is damaged. */
export function messagesOf(source: Source, address: number): Message[] {
  const at = source.at(address);
  source.step();
  const isNew = at.has('OHDR');
  const first = isNew ? newPrefix(at) : oldPrefix(at);
  const messages: Message[] = [];
  const blocks: Block[] = [first];
  // Blocks grow the list while it is walked; a circle runs out of steps.
  for (const { begin, size } of blocks) {
    source.step();
    source.at(begin).skip(size);
    const end = begin + size;
    const cursor = source.at(begin);
    while (cursor.offset + first.head <= end) {
      source.step();
      const message = readMessage(cursor, isNew, first.head);
      if (message.offset + message.size > end) {
        throw source.fault(
          `damaged: expected a message of ${message.size} bytes within its header, got less`,
        );
      }
      cursor.offset = message.offset + message.size;
      if (message.type === CONTINUATION) blocks.push(continued(source, message.offset, isNew));
      else messages.push(message);
    }
  }
  return messages;
}

function oldPrefix(at: Cursor): FirstBlock {
  const version = at.u8();
  if (version !== 1) {
    throw at.source.fault(`damaged: expected an object's header of version 1 or 2, got ${version}`);
  }
  at.skip(1 + 2 + 4); // reserved, number of messages, references
  const size = at.u32();
  at.skip(4);
  return { begin: at.offset, size, head: 2 + 2 + 1 + 3 }; // three bytes to fill
}

function newPrefix(at: Cursor): FirstBlock {
  at.skip(4);
  const version = at.u8();
  if (version !== 2) throw at.source.fault(`expected an object's header of version 2, got ${version}`);
  const flags = at.u8();
  if (flags & 0x20) at.skip(16); // times
  if (flags & 0x10) at.skip(4); // limits of attributes
  const size = at.uint(1 << (flags & 3));
  return { begin: at.offset, size, head: 1 + 2 + 1 + (flags & 4 ? 2 : 0) };
}

function readMessage(cursor: Cursor, isNew: boolean, head: number): Message {
  const begin = cursor.offset;
  const type = isNew ? cursor.u8() : cursor.u16();
  const size = cursor.u16();
  const flags = cursor.u8();
  // What is shared isn't what its type says; Keras' files have no such message that is read here.
  return { type: flags & SHARED ? 0 : type, offset: begin + head, size };
}

/** The block that a message leads to; of version 2 it has a name before it and a checksum after it. */
function continued(source: Source, offset: number, isNew: boolean): Block {
  const at = new Cursor(source, offset);
  const begin = at.u64();
  const size = at.u64();
  if (!isNew) return { begin, size };
  const block = source.at(begin);
  block.expect('OCHK', 'a part of a header');
  return { begin: block.offset, size: Math.max(0, size - 8) };
}
