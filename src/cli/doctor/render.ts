import { plain } from '../../format/printable.ts';
import { wrap } from '../../format/wrap.ts';
import type { Diagnosis, DiagnosisSection, Level } from './diagnosis.ts';

const width = 100;
const indent = ' '.repeat(6);

/** One line per diagnosis: its level, and the remedy below. */
export function renderDiagnosis(sections: readonly DiagnosisSection[]): string {
  return sections
    .map(({ title, diagnoses }) => `${title}\n${diagnoses.map(renderLine).join('\n')}\n`)
    .join('\n');
}

function renderLine({ level, about, message, remedy }: Diagnosis): string {
  const head = `${level.padEnd(indent.length)}${plain(`${about}: ${message}`)}`;
  return remedy === undefined ? head : `${head}\n${wrap(plain(remedy), indent, width)}`;
}

const exitStatus: Readonly<Record<Level, number>> = { ok: 0, info: 0, skip: 0, warn: 1, fail: 2 };

/** The exit status: 0 if all is well, 1 with warnings, 2 if something does not work. */
export function worstOf(sections: readonly DiagnosisSection[]): number {
  const found = sections.flatMap(({ diagnoses }) => diagnoses.map(({ level }) => exitStatus[level]));
  return Math.max(0, ...found);
}
