/** A figure that rules go by: durations in seconds, the rest as shares of 1. */
export interface Threshold {
  readonly value: number;
  readonly unit: 'seconds' | 'share';
  /** Why it is what it is: the place to argue before changing it. */
  readonly reason: string;
}

const seconds = (value: number, reason: string): Threshold => ({ value, unit: 'seconds', reason });
const share = (value: number, reason: string): Threshold => ({ value, unit: 'share', reason });

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Windows end a little past a whole number of scrapes: at the edge, Prometheus 2 and 3 count differently. */
const odd = 2;

/** Every figure of the rules. Change it here, and make the files anew: `npm run alerts`. */
export const thresholds = {
  suddenWindow: seconds(
    10 + odd,
    'Three scrapes of 5 s. Slower scrapes put one sample in it, and no growth: they are too slow to judge a sudden fill.',
  ),
  shortWindow: seconds(
    20 + odd,
    'Five scrapes of 5 s: together with the window before, growth that goes on.',
  ),
  fastWindow: seconds(
    5 * minute + odd,
    'Longer than an image layer takes to write, and half of the fastest fill that a person can still stop.',
  ),
  steadyWindow: seconds(
    2 * minute + odd,
    'Three samples even where the scrape interval is a minute: it is still growing now.',
  ),
  minutesWindow: seconds(
    30 * minute + odd,
    'A job that ends within half an hour cannot look worse than what it wrote in it.',
  ),
  hourWindow: seconds(hour + odd, 'Smooths work that comes and goes within the hour.'),
  hoursWindow: seconds(4 * hour + odd, 'A nightly job is a small part of it.'),
  dayWindow: seconds(6 * hour + odd, 'A quarter of a day: the slope of a working day, not that of an hour.'),

  suddenHorizon: seconds(
    150,
    'A fill that is over in two minutes is paged after three samples or in vain. An image has to be a sixth of what is left to look like it.',
  ),
  suddenMetadataHorizon: seconds(
    3.5 * minute,
    'In its first quarter of a minute, which is two thirds of the window, a fill of two minutes looks like one of more than three. More would take large writes of data for it, which write metadata along.',
  ),
  fastHorizon: seconds(
    3 * minute,
    'Less than the time in which a person reacts: only little room justifies it.',
  ),
  minutesHorizon: seconds(20 * minute, 'A quarter of an hour to act, and the time that the page takes.'),
  hoursHorizon: seconds(2 * hour, 'Time to find room in the VG or to prune with care, not on the run.'),
  dayHorizon: seconds(day, 'Within the next working day.'),
  levelHorizon: seconds(6 * hour, 'With next to nothing left, and nobody at work before then.'),

  minutesHold: seconds(
    hour,
    'Three times the horizon, by longer windows: an alert that fires ends when it has become better, not when growth takes a breath. Five minutes of them, as the hour says little of a fill that has just begun.',
  ),
  hoursHold: seconds(6 * hour, 'The same.'),
  criticalHold: share(0.07, 'The same: a little more than what fires.'),
  floorHold: share(0.02, 'Space that comes and goes around the floor is one alarm.'),

  suddenLeft: share(0.4, 'While more is left than this, it waits for a stage with more evidence.'),
  suddenMetadataLeft: share(
    0.8,
    'No image pull and no copy fills metadata within minutes: they write data, and little metadata with it.',
  ),
  fastLeft: share(0.15, 'Fast and far from full is what an image pull looks like.'),
  minutesLeft: share(0.4, 'More than this has never been filled in minutes by what ends by itself.'),
  hoursLeft: share(0.15, 'A slope of hours says little while much is left.'),
  dayLeft: share(0.4, 'The same for a ticket, which may come earlier.'),
  nearlyFullLeft: share(
    0.15,
    'LVM extends at 80 % where it is set up to; what is past that is not looked after.',
  ),
  criticalLeft: share(0.05, 'So little that any ordinary work may take it.'),

  fastFloorLeft: share(0.05, 'The floor itself is a margin: nearness to it counts from nearer.'),
  minutesFloorLeft: share(0.3, 'The level to full, less the floor of 10 % that Docker keeps by default.'),
  hoursFloorLeft: share(0.1, 'The same.'),
  dayFloorLeft: share(0.3, 'The same.'),

  autoextendGrace: share(
    0.05,
    'dmeventd acts at multiples of 5 % and a few seconds later: use this far past the threshold was not extended.',
  ),

  reactionTime: seconds(10 * minute, 'A page, a person and a command, at their usual pace.'),
  burstMemory: seconds(7 * day + odd, 'Weekly jobs count.'),

  findingMemory: seconds(
    minute + odd,
    'Bridges failed scrapes and a restart of the exporter, also where keep_firing_for is not known.',
  ),
  vanishedAfter: seconds(hour + odd, 'How long Prometheus tells of what it does not see any more.'),
  tooOld: seconds(
    5 * minute,
    'The exporter withdraws values long before; a file that nobody writes any more (textfile) does not.',
  ),
  certificateLeft: seconds(
    14 * day,
    'Two working weeks to have one issued. Those that renew themselves do it long before, at a third of their time.',
  ),
} as const satisfies Record<string, Threshold>;

export type ThresholdName = keyof typeof thresholds;
