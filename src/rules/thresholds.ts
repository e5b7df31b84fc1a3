import { daySeconds, hourSeconds, minuteSeconds } from '../model/units.ts';
import { autoextendGrace } from '../thinpool/will-be-extended.ts';

/** A duration in seconds, or a share of 1. */
export interface Threshold {
  readonly value: number;
  readonly unit: 'seconds' | 'share';
  /** Why it has this value: read it before you change the value. */
  readonly reason: string;
}

const seconds = (value: number, reason: string): Threshold => ({ value, unit: 'seconds', reason });
const share = (value: number, reason: string): Threshold => ({ value, unit: 'share', reason });

/** Windows are a little longer than a whole number of scrapes: Prometheus 2 and 3 differ in whether the edge counts. */
const odd = 2;

/** Every number in the findings about space that runs out, and in the alert rules. After a change, regenerate the files: `npm run generate`. */
export const thresholds = {
  suddenWindow: seconds(10 + odd, 'Three polls at 5 s; a pool that fills fast is polled every second.'),
  shortWindow: seconds(
    20 + odd,
    'Five polls at 5 s. Together with the window before, it shows growth that continues.',
  ),
  fastWindow: seconds(
    5 * minuteSeconds + odd,
    'Longer than writing an image layer takes, and half as long as the fastest fill that a person can still stop.',
  ),
  steadyWindow: seconds(
    2 * minuteSeconds + odd,
    'Has three samples even at a scrape interval of one minute, and shows that growth continues now.',
  ),
  minutesWindow: seconds(
    30 * minuteSeconds + odd,
    'A job that ends within half an hour counts for what it wrote, not for its peak rate.',
  ),
  hourWindow: seconds(hourSeconds + odd, 'Smooths workloads that come and go within the hour.'),
  hoursWindow: seconds(4 * hourSeconds + odd, 'A nightly job is only a small part of this window.'),
  dayWindow: seconds(
    6 * hourSeconds + odd,
    'A quarter of a day: shows the growth of a working day, not of a single hour.',
  ),

  suddenHorizon: seconds(
    80,
    'A fill that takes two minutes has to page after four polls, or the page is too late. An image pull looks like it only if the image is a fifth of the space left.',
  ),
  suddenMetadataHorizon: seconds(
    3.5 * minuteSeconds,
    'After 15 s, which is two thirds of the window, a fill of two minutes looks like one of more than three. A longer horizon would also match large data writes, which write metadata too.',
  ),
  fastHorizon: seconds(
    4 * minuteSeconds,
    'Shorter than the time a person needs to react: justified only because little space is left.',
  ),
  minutesHorizon: seconds(20 * minuteSeconds, '15 minutes to act, plus the time until the page is read.'),
  hoursHorizon: seconds(2 * hourSeconds, 'Time to find free space in the VG, or to prune without haste.'),
  dayHorizon: seconds(daySeconds, 'Long enough for someone to deal with it on the next working day.'),
  levelHorizon: seconds(
    6 * hourSeconds,
    'Almost nothing is left, and nobody may be at work for the next hours.',
  ),

  minutesHold: seconds(
    hourSeconds,
    'Three times the horizon, over longer windows: the alert resolves when the situation improves, not when growth pauses. A window of five minutes is among them because an hour shows little of a fill that has just begun.',
  ),
  hoursHold: seconds(
    6 * hourSeconds,
    'Three times the horizon, over the longer window: the alert resolves when the situation improves, not when growth pauses.',
  ),
  criticalHold: share(
    0.07,
    'A little more than the level that fires: the alert resolves when the situation improves, not when a few blocks are freed.',
  ),
  minimumFreeHold: share(0.02, 'Free space that fluctuates around its minimum is one alert, not many.'),

  suddenLeft: share(0.4, 'While more than this is left, there is time for a trend that needs more polls.'),
  suddenMetadataLeft: share(
    0.8,
    'No image pull and no copy fills metadata within minutes: they write data, and little metadata.',
  ),
  fastLeft: share(0.15, 'Fast growth with much space left is usually an image pull.'),
  minutesLeft: share(0.4, 'Jobs that end on their own have never filled more than this within minutes.'),
  hoursLeft: share(0.15, 'While much is left, growth over hours predicts little.'),
  dayLeft: share(
    0.4,
    'While much is left, growth over hours predicts little; but a ticket may come earlier than a page.',
  ),
  nearlyFullLeft: share(
    0.15,
    'LVM usually extends at 80%, if autoextend is configured: a pool beyond 85% is not being extended.',
  ),
  nearlyFullHold: share(0.02, 'Usage that fluctuates around a level is one finding, not many.'),
  criticalLeft: share(0.05, 'So little that any growth over hours may use it up before somebody is at work.'),
  criticalDataLeft: share(
    0.02,
    'Together with less than 1 GiB or 16 blocks: one log file or one image layer uses it up. More is a ticket while nothing grows.',
  ),
  criticalMetadataLeft: share(
    0.05,
    'Together with less than 4 MiB: where metadata runs out, the pool needs an offline repair.',
  ),
  nearMinimumFreeLeft: share(0.05, 'The minimum free space is a margin already.'),

  fastMinimumFreeLeft: share(
    0.05,
    'The minimum free space is a margin already, so the alert starts nearer to it.',
  ),
  minutesMinimumFreeLeft: share(
    0.3,
    'The level for a full pool, minus the 10% that Docker keeps free by default.',
  ),
  hoursMinimumFreeLeft: share(
    0.1,
    'Below the level for a full pool, as the minimum free space is a margin already.',
  ),
  dayMinimumFreeLeft: share(
    0.3,
    'The level for a full pool, minus the 10% that Docker keeps free by default.',
  ),

  turnReaction: seconds(
    15 * minuteSeconds,
    'Waiting to see whether usage turns, as it did before, must leave this time to act.',
  ),

  minimumFreePace: share(
    0.5,
    'Half the time is enough before the minimum free space: it is a margin, and nothing hangs below it.',
  ),

  autoextendGrace: share(
    autoextendGrace,
    'dmeventd acts at multiples of 5%, and a few seconds late: a pool this far past the threshold was not extended.',
  ),

  reactionTime: seconds(
    10 * minuteSeconds,
    'The usual time until a person has read the page and run a command.',
  ),
  burstMemory: seconds(7 * daySeconds + odd, 'Includes weekly jobs.'),

  recordedWindow: seconds(
    minuteSeconds + odd,
    'Rules that look back over hours read what was recorded each minute instead of each scrape. Windows of this length leave no gap.',
  ),
  findingMemory: seconds(
    minuteSeconds + odd,
    'Bridges failed scrapes and a restart of the exporter, even in a Prometheus without keep_firing_for.',
  ),
  vanishedAfter: seconds(hourSeconds + odd, 'How long Prometheus reports a pool that it no longer scrapes.'),
  tooOld: seconds(
    5 * minuteSeconds + odd,
    'No value is still visible to Prometheus by then, unless it was scraped again. The exporter withdraws values long before. A file of the textfile collector that is no longer written keeps its values.',
  ),
  clockSkew: seconds(
    90,
    'More than the age of a file of the textfile collector that is written every minute, and less than the two minutes after which Alertmanager ignores direct notifications.',
  ),
  certificateLeft: seconds(
    14 * daySeconds,
    'Two weeks to get a new certificate issued. Automatic renewal happens long before, at a third of the lifetime left.',
  ),
} as const satisfies Record<string, Threshold>;

export type ThresholdName = keyof typeof thresholds;
