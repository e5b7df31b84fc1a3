import fc from 'fast-check';
import { Counter, Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { type MetricsFormat, renderFamily, renderRegistry } from '../../../src/metrics/family.ts';
import type { Metric, Sample } from '../../../src/model/metric.ts';

type Family = Omit<Metric<never>, 'samples'>;

/** What the library would render. */
function renderByLibrary(
  { name, help, type, labels }: Family,
  samples: readonly Sample[],
  format: MetricsFormat,
) {
  const registry = new Registry();
  const description = { name, help, labelNames: [...labels], registers: [registry] };
  if (type === 'gauge') {
    const gauge = new Gauge(description);
    for (const sample of samples) gauge.set(sample.labels, sample.value);
  } else {
    const counter = new Counter(description);
    for (const sample of samples) counter.inc(sample.labels, sample.value);
  }
  return renderRegistry(registry, format);
}

const labels = ['pool', 'volume'] as const;
const text = fc.oneof(fc.string(), fc.constantFrom('', 'a', 'a"b', 'a\\b', 'a\nb', 'ü'));
const samples = fc.array(
  fc.record({
    labels: fc.oneof(fc.record({ pool: text, volume: text }), fc.record({ pool: text })),
    value: fc.oneof(fc.nat(), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.constant(2 ** 60)),
  }),
  { minLength: 1 },
);
const families = fc.record({
  name: fc.constantFrom<Family['name']>('thinpool_some_bytes', 'thinpool_written_bytes_total'),
  help: text.map((words) => `X${words}`),
  type: fc.constantFrom('gauge', 'counter'),
  labels: fc.constant(labels),
});

describe('a family', () => {
  it.each<MetricsFormat>(['text', 'openmetrics'])(
    'is what prom-client would render as %s',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(families, samples, async (family, some) => {
          expect(String(renderFamily(family, some, format))).toBe(
            String(await renderByLibrary(family, some, format)),
          );
        }),
      );
    },
  );

  it('has one line for samples with the same labels', () => {
    const family = { name: 'thinpool_x', help: 'X.', type: 'gauge', labels } as const;
    const twins = [1, 2].map((value) => ({ labels: { pool: 'p' }, value }));
    expect(
      String(renderFamily(family, twins, 'text'))
        .split('\n')
        .slice(2),
    ).toEqual(['thinpool_x{pool="p"} 2']);
  });

  it('is infinite or nothing where its value is', () => {
    const family = { name: 'thinpool_x', help: 'X.', type: 'gauge', labels } as const;
    const some = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value, at) => ({
      labels: { pool: `${at}` },
      value,
    }));
    const values = String(renderFamily(family, some, 'text'))
      .split('\n')
      .slice(2);
    expect(values.map((line) => line.split(' ')[1])).toEqual(['Nan', '+Inf', '-Inf']);
  });
});
