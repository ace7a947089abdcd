/** What layers say of their parameters: refused where a layer of a user's own says it otherwise than ParameterSpec has it. */
import { describe } from '../checks/describe.ts';
import { knownOptions } from '../checks/options.ts';
import { nameText, oneOf, sampleSizes } from '../checks/values.ts';
import { checkInitializer } from '../tensor/initializers.ts';

const NAMES = ['name', 'shape', 'initializer', 'fanIn', 'fanOut', 'role', 'regularizer'] as const;

/**
 * @param specs what describeParameters gave
 * @throws TypeError where it is no list of specifications; RangeError where one has an unknown property or initializer, no name, or
 *   another's.
 */
export function expectParameterSpecs<Spec>(specs: readonly Spec[]): readonly Spec[] {
  if (!Array.isArray(specs)) {
    const right = '[{ name, shape, initializer }]';
    throw new TypeError(`describeParameters must give an array, ${right}, got ${describe(specs)}`);
  }
  const names = new Set<string>();
  for (const [i, each] of specs.entries()) {
    const where = `describeParameters()[${i}]`;
    const given = (each ?? null) as unknown as Readonly<Record<string, unknown>>;
    const spec = knownOptions(where, given, NAMES, { nullable: ['regularizer'] });
    const name = nameText(where, 'name', spec.name);
    if (name.includes('/') || names.has(name)) {
      const rule = names.has(name) ? "must differ from the other parameters'" : 'must have no /';
      throw new RangeError(`${where}: name ${rule}, got ${describe(name)}`);
    }
    names.add(name);
    sampleSizes(where, 'shape', spec.shape);
    checkInitializer(`${where}: initializer`, spec.initializer);
    if (spec.role !== undefined) oneOf(where, 'role', spec.role, ['trained', 'moved', 'fixed']);
  }
  return specs;
}
