import type { MetricsFormat } from '../../metrics/family.ts';

interface Range {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

interface Offer {
  readonly format: MetricsFormat;
  readonly type: string;
  /** Requested versions that this format satisfies. A range without a version matches any. */
  readonly versions: readonly string[];
}

// Text is first, so it wins if the client has no preference. Prometheus 3 also requests text 1.0.0, which is 0.0.4 plus
// quoted names, which ours do not need.
const offers: readonly Offer[] = [
  { format: 'text', type: 'text/plain', versions: ['0.0.4', '1.0.0'] },
  { format: 'openmetrics', type: 'application/openmetrics-text', versions: ['1.0.0'] },
];

/**
 * The format that a scraper prefers (RFC 9110, 12.5.1: the most specific range counts, then its quality). Text if it accepts
 * neither: the oldest format helps a scraper more than a 406.
 */
export function chooseFormat(accept: string | undefined): MetricsFormat {
  const ranges = parseAccept(accept ?? '*/*');
  let best = { format: offers[0]?.format ?? 'text', quality: 0, precision: 0 };
  for (const offer of offers) {
    const { quality, precision } = rate(offer, ranges);
    const better = quality > best.quality || (quality === best.quality && precision > best.precision);
    if (quality > 0 && better) best = { format: offer.format, quality, precision };
  }
  return best.format;
}

/** How much the client prefers an offer, and how specific its range is: 3 with a version, 2 by type, 1 and 0 by wildcard. */
function rate(offer: Offer, ranges: readonly Range[]): { quality: number; precision: number } {
  let best = { quality: 0, precision: -1 };
  for (const range of ranges) {
    const precision = precisionOf(range, offer);
    if (precision === undefined) continue;
    if (precision > best.precision || (precision === best.precision && range.quality > best.quality))
      best = { quality: range.quality, precision };
  }
  return best;
}

function precisionOf({ type, parameters }: Range, offer: Offer): number | undefined {
  const version = parameters.get('version');
  if (type === offer.type)
    return version === undefined ? 2 : offer.versions.includes(version) ? 3 : undefined;
  if (type === `${offer.type.split('/')[0]}/*`) return 1;
  return type === '*/*' ? 0 : undefined;
}

function parseAccept(accept: string): Range[] {
  return accept.split(',').flatMap((text) => {
    const [type = '', ...words] = text.split(';').map((word) => word.trim().toLowerCase());
    const parameters = new Map(words.map(parseParameter));
    const quality = parameters.has('q') ? Number.parseFloat(parameters.get('q') ?? '') : 1;
    const sane = quality >= 0 && quality <= 1;
    return type === '' || !sane ? [] : [{ type, parameters, quality }];
  });
}

function parseParameter(word: string): [string, string] {
  const [name = '', value = ''] = word.split('=').map((part) => part.trim());
  return [name, value.replace(/^"(.*)"$/, '$1')];
}
