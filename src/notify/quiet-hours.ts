export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** A part of the day in which only critical alerts are sent. */
export interface QuietHours {
  /** Minutes past midnight. */
  readonly from: number;
  /** Minutes past midnight. Not later than `from`: of the next day. */
  readonly to: number;
  /** The days on which they begin. */
  readonly days: readonly Weekday[];
  /** A name of the IANA database, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

export function isQuiet(quietHours: readonly QuietHours[], now: number): boolean {
  return quietHours.some((hours) => contains(hours, now));
}

function contains({ from, to, days, timeZone }: QuietHours, now: number): boolean {
  const { day, minutes } = localTime(now, timeZone);
  if (from < to) return days.includes(day) && minutes >= from && minutes < to;
  // A day before is not always 24 hours before.
  const before = weekdays.at(weekdays.indexOf(day) - 1) ?? day;
  return (days.includes(day) && minutes >= from) || (days.includes(before) && minutes < to);
}

function localTime(now: number, timeZone: string): { readonly day: Weekday; readonly minutes: number } {
  const parts = formatOf(timeZone).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const day = weekdays.find((one) => one === part('weekday')) ?? 'Mon';
  return { day, minutes: 60 * Number(part('hour')) + Number(part('minute')) };
}

/** They are expensive to make. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}
