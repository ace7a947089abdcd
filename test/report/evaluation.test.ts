import { expect, it } from 'vitest';
import { evaluationJson, evaluationText } from '../../src/report/evaluation.ts';

const EVALUATION = {
  ...{ model: 'm', data: { source: 'here', sha256: '' }, classes: [0, 1, 7], samples: 16 },
  ...{ test: { loss: 0.5, accuracy: 0.75 } },
  confusion: [
    [6, 1, 3],
    [0, 4, 0],
    [0, 0, 2],
  ],
};

it('an evaluation says of each class how many samples were right, and which classes it was taken for, the most frequent first', () => {
  const text = evaluationText(EVALUATION);
  // Numbers end below one another, lists of classes begin so.
  const line = '─'.repeat(39);
  expect(text.split('\n').slice(4)).toEqual([
    line,
    'Class  Samples  Accuracy  Confused with',
    line,
    '    0       10    60.0 %  7 (3), 1 (1)',
    '    1        4   100.0 %',
    '    7        2   100.0 %',
    line,
  ]);
});

it('an evaluation as JSON has each class’s row in one line', () => {
  const text = evaluationJson(EVALUATION);
  expect(JSON.parse(text)).toEqual(EVALUATION);
  expect(text).toContain('\n    [6, 1, 3],\n    [0, 4, 0],\n');
});
