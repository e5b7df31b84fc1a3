import { findingRules } from '../../../../src/alerting/prometheus/finding-rules.ts';
import type { Alert } from '../../../../src/alerting/prometheus/rule.ts';
import { severities } from '../../../../src/model/finding.ts';
import { rules } from '../../../../src/rules/evaluate.ts';
import { thresholds } from '../../../../src/rules/thresholds.ts';
import { selectorsOf } from '../promql.ts';
import { type Case, host, type Labels, poolOf, type Series, type Stretch } from './case.ts';

const interval = 5;
const memory = thresholds.findingMemory.value;

/** Findings that are about no pool. */
const ofHost = [
  'tasks-hang-unassigned',
  'pool-activation-failed',
  'discovery-blind',
  'collector-failing',
  'collector-stuck',
];
const isAboutCollector = (code: string): boolean => code.startsWith('collector-');

/** Of its own findings, without those that explain it. */
export const codesOf = ({ expr }: Alert): string[] => {
  const own = expr.replaceAll(/\n(?:unless|and) .*/g, '');
  return [...new Set(selectorsOf(own).flatMap(({ values }) => values['code']?.split('|') ?? []))];
};

/** Findings about data or metadata. */
const resourceOf = (code: string): string | undefined => {
  if (code === 'below-minimum-free' || code.startsWith('data-')) return 'data';
  return code.startsWith('metadata-') ? 'metadata' : undefined;
};

function identity(code: string): Labels {
  const resource = resourceOf(code);
  if (resource !== undefined) return { ...poolOf, resource };
  if (code === 'pool-not-reported') return { ...poolOf, collector: 'lvm' };
  if (isAboutCollector(code)) return { ...host, collector: 'lvm' };
  return ofHost.includes(code) ? host : poolOf;
}

export function finding(code: string, severity: string, values: readonly Stretch[]): Series {
  const empty = { pool: '', resource: '', collector: '', vg: '' };
  return { metric: 'thinpool_finding', labels: { ...empty, ...identity(code), code, severity }, values };
}

export function labelsOfFinding({ alert, severity }: Alert, code: string): Labels {
  return {
    ...identity(code),
    ...(alert === 'ThinPoolRisk' && { code }),
    severity: severity!,
    ...(severity === 'critical' && { page: 'true' }),
  };
}

export function findingCases(): Case[] {
  return findingRules(() => true).flatMap((rule) => codesOf(rule).flatMap((code) => casesOf(rule, code)));
}

function casesOf(rule: Alert, code: string): Case[] {
  const wait = rule.for ?? 0;
  const keep = rule.keepFiringFor ?? 0;
  const samples = wait / interval + 6;
  const lastAt = (samples - 1) * interval;
  /** The last evaluation at which the window still holds the last sample. */
  const heldUntil = lastAt + Math.floor(memory / interval) * interval;
  const fires = [labelsOfFinding(rule, code)];
  const name = `${rule.alert} ${rule.severity} ${code}`;
  const story = (what: string, series: readonly Series[], checks: Case['checks']): Case => ({
    what: `${name}: ${what}`,
    about: rule.alert,
    of: { severity: rule.severity! },
    interval,
    series,
    checks,
  });
  const other = severities.find((severity) => severity !== rule.severity)!;
  const foreign = rules.find(({ alert }) => alert !== rule.alert)!.code;
  const second = codesOf(rule).find((also) => also !== code);
  return [
    story(
      'fires while it is there, and no longer than that is sure',
      [finding(code, rule.severity!, [[1, samples]])],
      [
        ...(wait > 0 ? [{ at: wait - interval, fires: [] }] : []),
        { at: wait, fires },
        { at: heldUntil + keep, fires },
        { at: heldUntil + keep + interval, fires: [] },
      ],
    ),
    story(
      'goes on over scrapes that are missing',
      [
        finding(code, rule.severity!, [
          [1, samples],
          [null, 10],
          [1, 5],
        ]),
      ],
      [
        { at: lastAt + 10 * interval, fires },
        { at: lastAt + 14 * interval, fires },
      ],
    ),
    story(
      'is silent at another severity',
      [finding(code, other, [[1, samples]])],
      [{ at: lastAt, fires: [] }],
    ),
    story(
      'is silent at what is another alert',
      [finding(foreign, rule.severity!, [[1, samples]])],
      [{ at: lastAt, fires: [] }],
    ),
    ...(second === undefined || rule.alert === 'ThinPoolRisk'
      ? []
      : [
          story(
            'is one with its like',
            [finding(code, rule.severity!, [[1, samples]]), finding(second, rule.severity!, [[1, samples]])],
            [
              {
                at: lastAt,
                fires: [
                  ...new Set([code, second].map((one) => JSON.stringify(labelsOfFinding(rule, one)))),
                ].map((text) => JSON.parse(text) as Labels),
              },
            ],
          ),
        ]),
  ];
}
