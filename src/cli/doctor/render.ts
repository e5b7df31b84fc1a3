import { plain } from '../../format/printable.ts';
import { wrap } from '../../format/wrap.ts';
import { type Diagnosis, type DiagnosisSection, levels } from './diagnosis.ts';

const width = 100;
const indent = ' '.repeat(6);

/** One line per diagnosis: `ok`, `warn` or `fail`, and the remedy below. */
export function renderDiagnosis(sections: readonly DiagnosisSection[]): string {
  return sections
    .map(({ title, diagnoses }) => `${title}\n${diagnoses.map(renderLine).join('\n')}\n`)
    .join('\n');
}

function renderLine({ level, about, message, remedy }: Diagnosis): string {
  const head = `${level.padEnd(indent.length)}${plain(`${about}: ${message}`)}`;
  return remedy === undefined ? head : `${head}\n${wrap(plain(remedy), indent, width)}`;
}

/** The exit status: 0 if all is ok, 1 with warnings, 2 if something does not work. */
export function worstOf(sections: readonly DiagnosisSection[]): number {
  const found = sections.flatMap(({ diagnoses }) => diagnoses.map(({ level }) => levels.indexOf(level)));
  return Math.max(0, ...found);
}
