import { describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import { layers as layerRegistry } from '../../src/layers/registry.ts';
import { losses } from '../../src/losses/registry.ts';
import { metrics } from '../../src/metrics/registry.ts';
import { optimizers } from '../../src/optimizers/registry.ts';
import { schedules } from '../../src/optimizers/schedules/registry.ts';
import { register } from '../../src/registry/register.ts';
import { Registry } from '../../src/registry/registry.ts';

const make = (): number => 1;
/** Of two names of ours one is here. */
const withOwn = (): Registry<number> => {
  const registry = new Registry<number>('thing', ['own', 'left']);
  registry.own('own', make);
  return registry;
};
const any = (value: unknown): never => value as never;

describe('a registry', () => {
  it('finds what is its own, and what users registered', () => {
    const registry = withOwn();
    registry.register('mine', () => 2, 'file:///mine.js');
    registry.register('here', () => 3, null);
    expect(registry.names).toEqual(['own', 'left', 'mine', 'here']);
    const isOwn = ['own', 'left', 'mine', 'nobody'].map((name) => registry.isOwn(name));
    expect(isOwn).toEqual([true, true, false, false]);
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

  it('refuses what the bundle left out by its name, with what to import', () => {
    expect(() => withOwn().find('left')).toThrow(
      new RangeError(
        `thing left isn't in this bundle: import { left, register } from "degelo/core" and call register(left), or import from "degelo", which has all`,
      ),
    );
  });

  it('takes none of ours that it has no name for', () => {
    expect(() => withOwn().own('other', make)).toThrow("thing other isn't among the registry's names");
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
    ['left', make, null],
  ])('refuses %o, %o, %o', (name, maker, module) => {
    const registry = withOwn();
    expect(() => registry.register(any(name), any(maker), any(module))).toThrow(/^register ?thing/i);
    expect(registry.names).toEqual(['own', 'left']);
  });
});

describe('with everything registered', () => {
  it('each name of ours leads to what makes it', () => {
    for (const registry of [layerRegistry, losses, metrics, optimizers, schedules]) {
      expect(registry.names.filter((name) => registry.isOwn(name) && !registry.find(name))).toEqual([]);
    }
    const classes = Object.keys(layers).filter((name) => /^[A-Z]/.test(name));
    expect(layerRegistry.names.filter((name) => layerRegistry.isOwn(name))).toEqual(classes.sort());
  });
});

describe('register', () => {
  it.each(['Dense', null, { Dense: layers.Dense }])('refuses %o', (thing) => {
    expect(() => register(any(thing))).toThrow(/^register: expected classes and functions .*, got /);
  });
});
