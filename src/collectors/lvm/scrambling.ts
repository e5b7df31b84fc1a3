import {
  type Scrambler,
  type Scrambling,
  scrambleJson,
  scrambleLines,
  wordsIn,
} from '../shared/scrambling.ts';

/** Fields whose value is not a name, by what LVM prints there (man lvs, lvm2 lib/report/values.h). */
const grammars: Readonly<Record<string, RegExp>> = {
  // Older releases of 2.02 print eight or nine letters.
  lv_attr:
    /^[-CmMoOrRsSpvVtTeEdDgiIl][-rwR][-aAcCiIlLnNuU][-mM][-ahsISmMdiXcCtu][-oX][-CmrstuvVgd][-z](?:[-pXrmwDFMRSux][-k]?)?$/,
  vg_attr: /^[-rw][-z][-x][-p][-acinlu][-cs]?[-\w]?$/,
  pv_attr: /^[-adu][-xm][-m][-\w]?$/,
};
const size = /^(?:[<~]?-?\d+(?:[.,]\d+)?[bBsSkKmMgGtTpPeE]?|-1)$/;
const amounts = /(?:_size|_percent|_count|_free|_time|transaction_id|thin_id|^other)$/;
const names = new Set([
  ...['vg_name', 'lv_name', 'pool_lv', 'origin', 'lv_profile', 'vg_profile', 'pv_name', 'vg_uuid', 'lv_uuid'],
  ...['lv', 'vg', 'pool'],
]);

function scrambleField(value: string, field: string | undefined, { name, text, values }: Scrambler): string {
  if (field === undefined || names.has(field)) return name(value);
  const grammar = Object.hasOwn(grammars, field) ? grammars[field] : undefined;
  if (grammar !== undefined) return grammar.test(value.trim()) ? value : text(value);
  return amounts.test(field) && size.test(value.trim()) ? values(value) : text(value);
}

/** Columns of a text report: its fields are those of a variant with as many. */
type Layouts = Readonly<Record<number, readonly string[]>>;

function scrambleRow(line: string, layouts: Layouts, scrambler: Scrambler): string {
  const cells = line.split('|');
  const fields = layouts[cells.length];
  if (cells.length === 1 || fields === undefined) return scrambler.text(line);
  return cells.map((cell, at) => scrambleField(cell, fields[at], scrambler)).join('|');
}

/** A report with headings: every value stands below its heading (columns.ts). */
function scrambleColumns(text: string, scrambler: Scrambler): string {
  let starts: readonly { readonly field: string; readonly at: number }[] = [];
  return scrambleLines(text, (line) => {
    if (/^\s*LV\s/.test(line)) {
      const found = [...line.matchAll(/(?:[LPV]V|VG) UUID|\S+/g)];
      starts = found.map(({ 0: heading, index }) => ({ field: fieldOf(heading), at: index }));
      return scrambler.text(line);
    }
    const [first] = starts;
    const isAligned = starts.every(({ at }) => at === 0 || (line[at - 1] ?? ' ') === ' ');
    if (first === undefined || !isAligned) return scrambler.text(line);
    const cells = starts.map(({ field, at }, index) =>
      scrambleField(line.slice(at, starts[index + 1]?.at), field, scrambler),
    );
    return `${scrambler.text(line.slice(0, first.at))}${cells.join('')}`;
  });
}

function fieldOf(heading: string): string {
  const fields: Readonly<Record<string, string>> = {
    LV: 'lv_name',
    VG: 'vg_name',
    Attr: 'lv_attr',
    Pool: 'pool_lv',
    Origin: 'origin',
    'LV UUID': 'lv_uuid',
    'VG UUID': 'vg_uuid',
  };
  return (Object.hasOwn(fields, heading) ? fields[heading] : undefined) ?? 'other';
}

/** The layouts of the text reports by command, for `scrambleReport`. */
export interface ReportFields {
  readonly lvs: readonly (readonly string[])[];
  readonly vgs: readonly (readonly string[])[];
}

/** A report of lvs or vgs, in any variant. */
export function scrambleReport(
  text: string,
  scrambler: Scrambler,
  { key, variant = '' }: { readonly key: string; readonly variant?: string },
  reportFields: ReportFields,
): string {
  if (variant === 'columns') return scrambleColumns(text, scrambler);
  if (!variant.startsWith('json')) {
    const known = key.startsWith('vgs') ? reportFields.vgs : reportFields.lvs;
    const layouts = Object.fromEntries(known.map((fields) => [fields.length, fields]));
    return scrambleLines(text, (line) => scrambleRow(line, layouts, scrambler));
  }
  return scrambleJson(
    text,
    (value, field) => scrambleField(value, field, scrambler),
    scrambler.text,
    scrambler.text,
  );
}

/** `key=value` of lvmconfig. */
export function scramblePolicy(text: string, { text: message }: Scrambler): string {
  return scrambleLines(text, (line) => {
    const { key, value } = /^(?<key>\s*\w+)(?<value>\s*=\s*\d{1,9}\s*)$/.exec(line)?.groups ?? {};
    return key === undefined ? message(line) : `${message(key)}${value}`;
  });
}

/** `/proc/PID/stat`: the program's name may be any. */
export function scrambleStat(text: string, { text: message }: Scrambler): string {
  const { pid, command, rest } =
    /^(?<pid>\d+ \()(?<command>.*)(?<rest>\) [A-Za-z] [\d\s-]*)$/s.exec(text)?.groups ?? {};
  return pid === undefined ? message(text) : `${pid}${message(command ?? '')}${rest}`;
}

export const vocabulary: Scrambling['vocabulary'] = {
  names: wordsIn(`
    lvm vg lv pv vgs lvs pool tpool tdata tmeta cdata cmeta cvol corig vorigin vdata real cow pmspare mlog rimage rmeta
    mimage thin thinpool data meta metadata snap snapshot root default profile dmeventd dev mapper disk by id uuid path
    unknown
  `),
  text: wordsIn(`
    report lv vg pv pvs lvs vgs log seg lvm name uuid attr size metadata chunk data percent health status check needed when
    full profile pool origin count thin transaction id kernel discards monitor autoactivation time free extent missing lsize
    meta move copy cpy sync convert monitored not active yes no enabled disabled unknown queue error nopassdown passdown ignore
    partial refresh mismatches writemostly failed read only out of space linear striped raid raid1 mirror cache
    activation autoextend threshold monitoring dmeventd thin_check thin_repair executable options usr sbin bin q clear flag repair
    warning command failed detected type does match expected for is on the to a and with in by are was be has have
    device devices found volume volumes group groups logical physical could cannot can open file directory such permission
    denied non root user please will run running input output from event server socket lvmetad retrying scan
    consider pruning more than archive archives etc vg uuid couldn t find couldn't metadata inconsistent
    configuration node unrecognised field reportformat invalid argument apply failed exit status code skipping lock locks
    lvmlockd read write previously refusing access lvs vgs dev mapper internal fatal thin s needs inspection
    duplicate using preferred filter global lvm2 lvmconfig dumpconfig mergedconfig already used cluster shared system
    version library driver build configure max min prefix unable i o after at of byte bytes offset
    sum sizes exceeds trigger reaching you have turned protection against auto extension see set below thin_pool
  `),
};
