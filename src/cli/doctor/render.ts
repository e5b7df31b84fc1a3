import { plain } from '../../format/printable.ts';
import { wrap } from '../../format/wrap.ts';
import { type Diagnosis, type DiagnosisSection, levels } from './diagnosis.ts';

const width = 100;
const indent = ' '.repeat(6);

/** A line for each thing that was looked at: `ok`, `warn` or `fail`, and what to do about it. */
export function renderDiagnosis(sections: readonly DiagnosisSection[]): string {
  return sections
    .map(({ title, diagnoses }) => `${title}\n${diagnoses.map(renderLine).join('\n')}\n`)
    .join('\n');
}

function renderLine({ level, about, says, remedy }: Diagnosis): string {
  const head = `${level.padEnd(indent.length)}${plain(`${about}: ${says}`)}`;
  return remedy === undefined ? head : `${head}\n${wrap(plain(remedy), indent, width)}`;
}

/** 0 where all is ok, 1 where something could be better, 2 where something does not work. */
export function worstOf(sections: readonly DiagnosisSection[]): number {
  const found = sections.flatMap(({ diagnoses }) => diagnoses.map(({ level }) => levels.indexOf(level)));
  return Math.max(0, ...found);
}
