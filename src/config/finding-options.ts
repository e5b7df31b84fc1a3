import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { type Severity, severities } from '../model/finding.ts';
import type { FindingOption } from '../model/finding-option.ts';
import { dayMs } from '../model/units.ts';
import { suggest } from './suggest.ts';
import type { ValueType } from './value-types.ts';

/** The keys of an entry, and what each has to be. */
const keys = {
  code: 'the code of a finding, such as nearly-full',
  pool: 'a pool name, in which * stands for any text and ? for one character',
  severity: `muted, ${severities.slice(0, -1).join(', ')} or ${severities.at(-1)}`,
  until: 'the last day, such as 2027-01-31',
  reason: 'a sentence',
} as const;
type Key = keyof typeof keys;
const required: readonly Key[] = ['code', 'severity', 'reason'];

/** The list of entries. As one text it is JSON, which `config` prints and reads back. */
export const findingOptions: ValueType<readonly FindingOption[]> = {
  placeholder: 'LIST',
  expects: 'a list of entries with code, pool, severity, until and reason',
  parse: (text) => {
    try {
      const list: unknown = JSON.parse(text);
      return Array.isArray(list) && list.every(isOption) ? list : undefined;
    } catch {
      return undefined;
    }
  },
  readNode: (node, at, problems) => {
    if (!isSeq(node)) return undefined;
    return JSON.stringify(node.items.flatMap((item) => readEntry(item, at, problems)));
  },
};

function isOption(value: unknown): value is FindingOption {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['code', 'severity', 'reason', 'where'].map((key) => Reflect.get(value, key));
  const [severity, until] = ['severity', 'until'].map((key) => Reflect.get(value, key));
  const ends = until === undefined ? severity !== 'muted' : endOf(String(until)) !== undefined;
  return texts.every((text) => typeof text === 'string') && isSeverity(String(severity)) && ends;
}

function isSeverity(text: string): text is FindingOption['severity'] {
  return text === 'muted' || severities.some((severity: Severity) => severity === text);
}

function readEntry(
  item: unknown,
  at: (offset: number | undefined) => string,
  problems: string[],
): readonly FindingOption[] {
  const before = problems.length;
  if (!isMap(item)) {
    const offset = isScalar(item) ? item.range?.[0] : undefined;
    problems.push(`${at(offset)}: findings: expected an entry with ${Object.keys(keys).join(', ')}`);
    return [];
  }
  const where = at(item.range?.[0]);
  const texts = readTexts(item, at, problems);
  // Only what is muted has to end: it is not heard of any more.
  const needed = texts.get('severity') === 'muted' ? ([...required, 'until'] as const) : required;
  for (const key of needed)
    if (!texts.has(key) && problems.length === before)
      problems.push(`${where}: findings: ${key} is missing: expected ${keys[key]}`);
  const [code = '', severity = '', until, reason = '', pool] = (
    ['code', 'severity', 'until', 'reason', 'pool'] as const
  ).map((key) => texts.get(key));
  if (problems.length > before || !isSeverity(severity)) return [];
  const end = until === undefined ? undefined : { until, endsAt: endOf(until) ?? 0 };
  const entry = { code, severity, reason, where, ...end, ...(pool !== undefined && { pool }) };
  return [entry as FindingOption];
}

function readTexts(
  item: YAMLMap,
  at: (offset: number | undefined) => string,
  problems: string[],
): ReadonlyMap<Key, string> {
  const texts = new Map<Key, string>();
  for (const { key, value } of item.items) {
    const name = isScalar(key) ? String(key.value) : '?';
    const where = at(isScalar(key) ? key.range?.[0] : undefined);
    const known = Object.keys(keys).find((one): one is Key => one === name);
    const text = isScalar(value) ? (value.source ?? String(value.value ?? '')) : '';
    if (known === undefined)
      problems.push(
        `${where}: findings: ${name}: unknown key, expected one of ${Object.keys(keys).join(', ')}${suggest(name, Object.keys(keys))}`,
      );
    else if (!isValid(known, text))
      problems.push(
        `${where}: findings: ${known}: expected ${keys[known]}, got ${text === '' ? 'nothing' : JSON.stringify(text)}`,
      );
    else texts.set(known, text);
  }
  return texts;
}

function isValid(key: Key, text: string): boolean {
  if (text.trim() === '' || text.length > 500) return false;
  if (key === 'severity') return isSeverity(text);
  return key !== 'until' || endOf(text) !== undefined;
}

/** The end of a day in UTC, Unix ms. */
function endOf(day: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const start = Date.parse(`${day}T00:00:00Z`);
  // Date.parse takes 2027-02-31 for a day of March.
  return Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day
    ? undefined
    : start + dayMs;
}

/** An entry with a misspelt code would do nothing, and no one would notice. */
export function checkCodes(
  list: readonly FindingOption[] | undefined,
  codes: readonly string[],
): readonly string[] {
  return (list ?? [])
    .filter(({ code }) => !codes.includes(code))
    .map(
      ({ code, where }) =>
        `${where}: findings: ${code}: unknown code${suggest(code, codes)}; expected one of ${codes.join(', ')}`,
    );
}
