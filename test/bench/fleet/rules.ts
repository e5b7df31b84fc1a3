import { formatDuration, parseDuration } from '../../../src/format/duration.ts';
import { minuteSeconds, secondMs } from '../../../src/model/units.ts';
import { type RulesText, readRules } from '../../artifacts/alerts/unit/promtool.ts';

type Group = RulesText['groups'][number] & { readonly interval: string };

export interface Rules extends RulesText {
  readonly groups: readonly Group[];
}

export interface Pace {
  readonly name: string;
  /** Seconds. */
  readonly interval: number;
  readonly rules: number;
}

/** The rules with groups that are evaluated each minute at least, so that a short run sees all of them, and the pace that they have. */
export function readHastened(text: string): { readonly rules: Rules; readonly paces: readonly Pace[] } {
  const { groups } = readRules(text) as Rules;
  return {
    rules: {
      groups: groups.map((group) => ({
        ...group,
        interval: formatDuration(Math.min(secondsOf(group), minuteSeconds) * secondMs),
      })),
    },
    paces: groups.map((group) => ({
      name: group.name,
      interval: secondsOf(group),
      rules: group.rules.length,
    })),
  };
}

const secondsOf = ({ interval }: Group): number => (parseDuration(interval) ?? 0) / secondMs;
