import type { ExtendPolicy } from '../../model/facts.ts';
import { Denied, Exited, ParseError, Unsupported } from '../shared/errors.ts';
import { readWhole } from '../shared/number.ts';
import type { ReportText } from './report.ts';

export const policySettings = [
  'activation/thin_pool_autoextend_threshold',
  'activation/thin_pool_autoextend_percent',
  'activation/monitoring',
] as const;

type Setting = 'thin_pool_autoextend_threshold' | 'thin_pool_autoextend_percent' | 'monitoring';

/** Defaults of LVM (lvm2 lib/config/defaults.h). */
const builtIn: Readonly<Record<Setting, string>> = {
  thin_pool_autoextend_threshold: '100',
  thin_pool_autoextend_percent: '20',
  monitoring: '1',
};

/** `key=value` lines of `lvmconfig --type full`, which includes defaults (lvm2 2.02.123 and later). */
export function parseFullPolicy(text: ReportText, profile: string | undefined): ExtendPolicy {
  if (isUnknownCommand(text)) throw new Unsupported('this LVM has no lvmconfig --type full');
  refuseMissingProfile(text, profile);
  if (text.exitCode !== 0) throw new Exited(text.exitCode, text.stderr);
  return readPolicy(settingsOf(text.stdout), text, profile);
}

/**
 * Lines of `lvm dumpconfig --mergedconfig`, which prints only settings from files, and exits with 5 for the others, naming
 * each (seen: 2.03.16).
 */
export function parseMergedPolicy(text: ReportText, profile: string | undefined): ExtendPolicy {
  if (isUnknownCommand(text)) throw new Unsupported('this LVM has no dumpconfig --mergedconfig');
  refuseMissingProfile(text, profile);
  const unset = new Set(
    [...text.stderr.matchAll(/Configuration node activation\/(?<key>\w+) not found/g)].map(
      ({ groups }) => groups?.['key'],
    ),
  );
  if (text.exitCode !== 0 && unset.size === 0) throw new Exited(text.exitCode, text.stderr);
  const defaults = Object.entries(builtIn).filter(([key]) => unset.has(key));
  return readPolicy(new Map([...defaults, ...settingsOf(text.stdout)]), text, profile);
}

/** Exit code 2: no such command; 3: invalid command line (lvm2 tools/errors.h). */
function isUnknownCommand({ exitCode }: ReportText): boolean {
  return exitCode === 2 || exitCode === 3;
}

/** If a pool's profile cannot be used, LVM silently uses lvm.conf instead. */
function refuseMissingProfile({ stderr, exitCode }: ReportText, profile: string | undefined): void {
  if (exitCode === 0) return;
  if (stderr.includes('Permission denied')) throw new Denied('LVM may be asked by root only');
  const reason = /(?<reason>[^\n]*)\n\s*Failed to apply metadata profile/
    .exec(stderr)
    ?.groups?.['reason']?.trim();
  if (reason === undefined || profile === undefined) return;
  throw new Exited(
    exitCode,
    `metadata profile ${profile} cannot be used, LVM extends by lvm.conf instead: ${reason}`,
  );
}

export function settingsOf(stdout: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const { key, value } = /^\s*(?<key>\w+)\s*=\s*(?<value>.*?)\s*$/.exec(line)?.groups ?? {};
    if (key !== undefined && value !== undefined) settings.set(key, value);
  }
  return settings;
}

function readPolicy(
  settings: ReadonlyMap<string, string>,
  { stdout }: ReportText,
  profile: string | undefined,
): ExtendPolicy {
  return {
    ...(profile === undefined ? {} : { profile }),
    thresholdPercent: readSetting(settings, 'thin_pool_autoextend_threshold', 100, stdout),
    // 0 is a mistake that LVM reports at every attempt: exported, not rejected (lvm2 lib/metadata/lv_manip.c).
    stepPercent: readSetting(settings, 'thin_pool_autoextend_percent', 1_000_000, stdout),
    monitoring: readSetting(settings, 'monitoring', 1, stdout) === 1,
  };
}

function readSetting(
  settings: ReadonlyMap<string, string>,
  key: Setting,
  most: number,
  stdout: string,
): number {
  const value = readWhole(settings.get(key));
  if (value === undefined || value > most) throw new ParseError(`${key}= with 0 to ${most}`, stdout);
  return value;
}
