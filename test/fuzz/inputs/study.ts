/** Files of a study: its description, and cells whose contents are edited, then signed as the format asks. */
import fc from 'fast-check';
import { encodeCell, encodeStudy } from '../../../src/experiment/study-file.ts';
import { cellOf, STUDY } from '../../experiment/study-cells.ts';
import { damaged, edited, mostly, mostlyShallow, utf8 } from '../arbitraries.ts';
import { signed } from './signed.ts';

/** What a cell begins with; its checksum follows. */
const OPENING = '{\n  "sha256": "';
const { sha256: _, ...rest } = JSON.parse(new TextDecoder().decode(await encodeCell(cellOf(STUDY, 13))));

const texts = mostlyShallow(edited(JSON.stringify(rest))).map(
  (text) => `${OPENING}${'0'.repeat(64)}",${text.replace(/^\{/, '')}`,
);

export const studyCell: fc.Arbitrary<Uint8Array> = fc
  .tuple(damaged(texts.map(utf8)), mostly(true, fc.constant(false), 30))
  .map(([bytes, isSigned]) => (isSigned ? signed(bytes, OPENING.length) : bytes));

export const study: fc.Arbitrary<Uint8Array> = damaged(mostlyShallow(edited(encodeStudy(STUDY))).map(utf8));
