/** What `degelo gradcheck` prints, in Portuguese: texts of gradcheck/table.ts. */
import { linesOf, textOf, translator } from './translator.ts';

const LINES = linesOf(`
Gradients
  Gradientes
variable
  variável
checked
  conferidos
gradient
  gradiente
worst
  pior
at
  em
median
  mediana
pass
  certo
FAIL
  ERRADO
UNDECIDED
  INDECISO
direction
  direção
1 sample
  1 amostra
{} samples
  {} amostras
{*}, {} directions
  {}, {} direções
all {}
  todos os {}
{} of {}
  {} de {}
{} undecided
  {} indecisos
{} on kinks, first at {}
  {} em dobras, a primeira em {}
{} on kinks
  {} em dobras
All {} gradients pass: {} comparisons, {} undecided (both values below the noise), {} on kinks.
  Todos os {} gradientes estão certos: {} comparações, {} indecisas (os dois valores abaixo do ruído), {} em dobras.
{} of {} gradients do not pass: {} comparisons, {} undecided (both values below the noise), {} on kinks.
  {} de {} gradientes não estão certos: {} comparações, {} indecisas (os dois valores abaixo do ruído), {} em dobras.
`);

const pieces = translator(LINES);

/** A text in Portuguese; what isn't known stays as it is. */
export function gradientsInPortuguese(english: string): string {
  return textOf(pieces(english));
}
