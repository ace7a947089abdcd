import { describe, expect, it } from 'vitest';
import { Registry } from '../../src/registry/registry.ts';

const make = (): number => 1;
const any = (value: unknown): never => value as never;

describe('a registry', () => {
  it('finds what is its own, and what users registered', () => {
    const registry = new Registry<number>('thing', [['own', make]]);
    registry.register('mine', () => 2, 'file:///mine.js');
    registry.register('here', () => 3, null);
    expect(registry.names).toEqual(['own', 'mine', 'here']);
    expect(['own', 'mine', 'nobody'].map((name) => registry.isOwn(name))).toEqual([true, false, false]);
    expect(['own', 'mine', 'here', 'nobody'].map((name) => registry.moduleOf(name))).toEqual([
      null,
      'file:///mine.js',
      null,
      null,
    ]);
    expect(registry.find('mine')?.({})).toBe(2);
    expect(registry.find('own')).toBe(make);
    expect(registry.find('nobody')).toBeNull();
  });

  it.each<[unknown, unknown, unknown]>([
    ['', make, null],
    [3, make, null],
    [undefined, make, null],
    ['mine', 3, null],
    ['mine', undefined, null],
    ['mine', class Mine {}, null],
    ['mine', make, 'no url'],
    ['mine', make, 3],
    ['own', make, null],
  ])('refuses %o, %o, %o', (name, maker, module) => {
    const registry = new Registry<number>('thing', [['own', make]]);
    expect(() => registry.register(any(name), any(maker), any(module))).toThrow(/^register ?thing/i);
    expect(registry.names).toEqual(['own']);
  });
});
