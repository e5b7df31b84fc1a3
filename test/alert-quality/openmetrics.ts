/** A file that cannot be read as a history, and where in it the reason is. */
export class BadHistory extends Error {}

export interface TimedSample {
  /** Unix time in seconds. */
  readonly at: number;
  readonly value: number;
  /** In the file, from 1 on. */
  readonly line: number;
}

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly TimedSample[];
}

export type OpenMetrics = readonly Series[];

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)(?: (\S+))?(?: #.*)?$/;
const labelPair = /\s*([a-zA-Z_]\w*)="((?:[^"\\\n]|\\.)*)"\s*(?:,|$)/y;
const end = '# EOF';

/** OpenMetrics text in which every sample has a timestamp. */
export function parseOpenMetrics(file: string, text: string): OpenMetrics {
  const fail = (line: number, message: string): never => {
    throw new BadHistory(`${file}:${line}: ${message}`);
  };
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.at(-1) !== end) fail(lines.length, `the last line must be "${end}": is the file cut off?`);
  const all = new Map<string, { name: string; labels: Record<string, string>; samples: TimedSample[] }>();
  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    if (content.startsWith('#')) continue;
    const found = sampleLine.exec(content);
    if (found === null) return fail(line, `not a sample: ${content.slice(0, 100)}`);
    const [, name = '', labelText = '', valueText = '', timeText] = found;
    const labels = labelsOf(labelText) ?? fail(line, `labels that cannot be read: {${labelText}}`);
    const value = Number(valueText);
    if (!Number.isFinite(value) || value < 0) fail(line, `value ${valueText}: expected a number from 0 on`);
    if (timeText === undefined) return fail(line, `${name} has no timestamp`);
    const at = Number(timeText);
    if (!Number.isFinite(at)) fail(line, `timestamp ${timeText}: expected Unix seconds`);
    const key = `${name}${JSON.stringify(Object.entries(labels).sort())}`;
    const series = all.get(key) ?? { name, labels, samples: [] };
    all.set(key, series);
    const before = series.samples.at(-1);
    if (before !== undefined && at <= before.at)
      fail(line, `timestamp ${timeText} is not after that of the sample before, in line ${before.line}`);
    series.samples.push({ at, value, line });
  }
  return [...all.values()];
}

function labelsOf(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  labelPair.lastIndex = 0;
  for (let at = 0; at < text.length; at = labelPair.lastIndex) {
    labelPair.lastIndex = at;
    const found = labelPair.exec(text);
    if (found === null) return undefined;
    labels[found[1]!] = found[2]!;
  }
  return labels;
}
