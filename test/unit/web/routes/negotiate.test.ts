import { describe, expect, it } from 'vitest';
import { chooseFormat } from '../../../../src/web/routes/negotiate.ts';

const prometheus2 =
  'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const prometheus3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const withHistograms =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,*/*;q=0.3';
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('the format of the metrics', () => {
  it.each([
    ['Prometheus 2', prometheus2, 'openmetrics'],
    ['Prometheus 3', prometheus3, 'openmetrics'],
    ['a preference for text', withHistograms, 'text'],
    ['a browser', browser, 'text'],
    ['curl', '*/*', 'text'],
    ['nobody', undefined, 'text'],
    ['an empty wish', '', 'text'],
    ['text of an old scraper', 'text/plain;version=0.0.4', 'text'],
    ['no preference', 'application/openmetrics-text, text/plain', 'text'],
    ['a name against a wildcard', 'application/openmetrics-text, */*', 'openmetrics'],
    ['a quoted version in capitals', 'Application/OpenMetrics-Text; Version="1.0.0"', 'openmetrics'],
    [
      'a version that we do not write',
      'application/openmetrics-text;version=2.0.0, text/plain;q=0.1',
      'text',
    ],
    ['only an older version', 'application/openmetrics-text;version=0.0.1', 'text'],
    ['a range of types', 'application/*, */*;q=0.1', 'openmetrics'],
    ['text ruled out', 'text/plain;q=0, */*', 'openmetrics'],
    ['a wildcard against a ruled-out name', 'application/openmetrics-text;q=0, */*', 'text'],
    ['all ruled out', '*/*;q=0', 'text'],
    ['something else', 'application/json', 'text'],
    ['nonsense qualities', 'application/openmetrics-text;q=high, text/plain;q=0.1', 'text'],
    ['qualities out of range', 'application/openmetrics-text;q=5, text/plain;q=0.1', 'text'],
    ['nonsense', ';;;,=,/', 'text'],
  ])('for %s', (_, accept, format) => {
    expect(chooseFormat(accept)).toBe(format);
  });
});
