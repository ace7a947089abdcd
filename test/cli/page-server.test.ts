import { Server } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { servePage } from '../../src/cli/page-server.ts';

afterEach(() => vi.restoreAllMocks());

it.each([
  ['EADDRINUSE', 'another program uses it'],
  ['EACCES', "it isn't allowed"],
  ['EMFILE', 'too many open files'],
])("a port that can't be had is refused with the reason: %s", async (code, reason) => {
  vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
    this.emit('error', Object.assign(new Error('too many open files'), { code }));
    return this;
  });
  await expect(servePage(new Map() as never, 80)).rejects.toThrow(
    new RangeError(`--port: 80 can't be used: ${reason}: give another, or 0 for any that is free`),
  );
});
