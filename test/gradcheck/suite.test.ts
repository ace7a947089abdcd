/** What `degelo gradcheck` proves, except for the network at full size, which takes seconds. */
import { describe, expect, it } from 'vitest';
import { checkCase, LAYER_CASES, LOSS_CASES, NETWORK_CASES } from '../../src/gradcheck/suite.ts';
import { layers } from '../../src/layers/registry.ts';
import { losses } from '../../src/losses/registry.ts';
import { Network } from '../../src/model/network.ts';

const bounds = { gradient: 1e-9, coordinate: 1e-6, float32: 1e-5 };

describe('gradients are those of central differences', () => {
  it.each([...LAYER_CASES, ...LOSS_CASES].map((each) => [each.name, each] as const))(
    '%s: within 1e-9, each of 40 coordinates within 1e-6, float32 within 1e-5',
    (_, each) => {
      // Of each array, and two directions through all of its elements; `degelo gradcheck` takes every coordinate.
      const report = checkCase({ ...each, options: { ...each.options, coordinates: 40, bounds } });
      const left = report.rows.filter(({ layer, variable, result }) => {
        // What is added to a channel before it is normalised by the batch changes nothing.
        const hasNone =
          each.name.startsWith('batch normalisation') && variable === 'bias' && layer !== 'input';
        return result !== (hasNone && !each.name.endsWith('frozen') ? 'zero' : 'pass');
      });
      expect(left).toEqual([]);
      expect(report.passed).toBe(true);
      for (const row of report.rows) {
        if (row.result === 'pass') expect(row).toMatchObject({ kinks: 0, undecided: 0 });
      }
    },
  );

  it('the experiment in miniature, every coordinate: within 1e-8, each within 1e-6, float32 within 1e-5', () => {
    const report = checkCase(NETWORK_CASES[0]);
    expect(report.bounds).toEqual({ ...bounds, gradient: 1e-8 });
    expect(report.rows.filter(({ result }) => result !== 'pass')).toEqual([]);
    for (const row of report.rows) expect(row).toMatchObject({ kinks: 0, undecided: 0 });
  });

  it('the experiment itself, by a small sample of coordinates', () => {
    const { options, ...each } = NETWORK_CASES[1];
    const report = checkCase({ ...each, options: { ...options, coordinates: 4, directions: 1 } });
    expect(report.rows.filter(({ result }) => result !== 'pass')).toEqual([]);
    expect(report.rows.map(({ elements }) => elements)).toEqual([
      784, 288, 32, 9216, 32, 589824, 128, 640, 5,
    ]);
  });

  it('checks every layer that there is', () => {
    const names = LAYER_CASES.flatMap(({ layers }) =>
      new Network({ layers: layers() }).allLayers().map(({ className }) => className),
    );
    expect(layers.names.length).toBeGreaterThan(10);
    // An input computes nothing.
    expect(new Set([...names, 'InputLayer'])).toEqual(new Set(layers.names));
  });

  it('checks activations on all of their parts: from −3.8 to 3.8, relu6 twice as far, without a gap', () => {
    const cases = LAYER_CASES.filter(({ options }) => options?.x?.length === 18);
    expect(cases.map(({ name }) => name)).toContain('hardTanh');
    for (const { name, options } of cases) {
      const scale = name === 'relu6' ? 2 : 1;
      const x = Array.from(options?.x ?? [], (value) => value / scale);
      expect(x[0]).toBeLessThan(-3.8);
      expect(x.at(-1)).toBeGreaterThan(3.8);
      for (const [i, value] of x.slice(1).entries()) expect(value - x[i]).toBeLessThanOrEqual(0.5);
    }
  });

  it('checks every loss that there is', () => {
    const names = LOSS_CASES.map(({ options }) => options?.loss).map((loss) =>
      typeof loss === 'object' ? loss.name : loss,
    );
    expect([...new Set(names)].sort()).toEqual([...losses.names].sort());
  });
});
