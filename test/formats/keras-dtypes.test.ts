/** What files say of the numbers that Keras' layers compute with. */
import { expect, it } from 'vitest';
import { isFloat, precisionRemarks, shownType } from '../../src/formats/keras-dtypes.ts';
import { parseLayersModel } from '../../src/formats/layers-model.ts';
import { dense, encodeLayersModel, sequential } from '../../src/index.ts';

const policy = (config: object) => ({ class_name: 'DTypePolicy', config });

it('types that are computed in float32 are known by name, policy, or the default', () => {
  const types = ['float32', null, 'float64', 'float16', policy({ name: 'mixed_bfloat16' })];
  expect(types.map(isFloat)).toEqual(types.map(() => true));
  const others = ['int32', 7, policy({}), policy({ mode: 'int8' }), { class_name: 'DTypePolicy' }];
  expect(others.map(isFloat)).toEqual(others.map(() => false));
  expect(others.map(shownType)).toEqual([
    ...['int32', 7, policy({}), 'int8, quantised: save it before quantize()'],
    { class_name: 'DTypePolicy' },
  ]);
  expect(shownType(policy({ name: 'float8' }))).toBe('float8');
  expect(shownType(policy({ mode: { toString: 1 } }))).toMatch(/^\{"toString":1\}, quantised/);
});

it('a model says once what computes otherwise here, at any depth', () => {
  const layers = [{ dtype: 'float64' }, { config: { dtype: policy({ name: 'float16' }), lora_rank: 2 } }];
  expect(precisionRemarks({ config: { layers: [...layers, ...layers] } })).toEqual([
    'layers that computed in float16 compute in float32 here: more exactly, with other last digits',
    'layers that computed in float64 compute in float32 here: less exactly, to some seven digits',
    'LoRA: its matrices are part of the kernels that they belong to, which train whole here',
  ]);
  expect(precisionRemarks({ config: { layers: [{ dtype: 'float32', lora_rank: null }] } })).toEqual([]);
});

it.each([false, true])(
  'TensorFlow.js’ files say it too, as Keras’ converter writes them: %s',
  (isConverted) => {
    const file = JSON.parse(encodeLayersModel(sequential([dense({ units: 1, inputShape: [1] })])).json);
    file.modelTopology.config.layers[0].config.dtype = policy({ name: 'mixed_float16' });
    if (isConverted) file.modelTopology = { model_config: file.modelTopology };
    expect(parseLayersModel(JSON.stringify(file), 'model.json').remarks).toEqual([
      'layers that computed in mixed_float16 compute in float32 here: more exactly, with other last digits',
    ]);
  },
);
