/** Which parts of a model worker threads can make again: degelo's own; of those that users write the first is named. */
import { expect, it } from 'vitest';
import { Dense, dense, meanSquaredError, sgd } from '../../src/index.ts';
import { homebound, modulesOf } from '../../src/training/session/portable.ts';

const own = {
  layers: [dense({ units: 1 })],
  loss: meanSquaredError(),
  optimizer: sgd(),
  metrics: ['accuracy'],
} as const;
const mine = <T extends object>(part: T): T => Object.create(part, { name: { value: 'mine' } });

class Half extends Dense {}

it('all of degelo’s own, from no module of somebody else’s', () => {
  expect(homebound(own as never)).toBeNull();
  expect(homebound({ layers: [], loss: null, optimizer: null, metrics: [] } as never)).toBeNull();
  expect(modulesOf(own as never)).toEqual([]);
});

it.each([
  ['loss mine', { loss: mine(meanSquaredError()) }],
  ['optimizer mine', { optimizer: mine(sgd()) }],
  ['layer half (Dense)', { layers: [own.layers[0], new Half({ units: 1, name: 'half' })] }],
])('%s is one that they can’t', (what, parts) => {
  expect(homebound({ ...own, ...parts } as never)).toBe(what);
});
