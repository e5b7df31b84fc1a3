import {
  boolean,
  choice,
  duration,
  poolGlob,
  timeOfDay,
  type ValueType,
  whole,
} from '../../config/value-types.ts';
import { severities } from '../../model/finding.ts';
import { dayMs, minuteMs } from '../../model/units.ts';
import { weekdays } from '../quiet-hours.ts';
import type { Field } from './reader.ts';

/** Labels of metrics have it, and the log. */
const receiverName: ValueType<string> = {
  placeholder: 'NAME',
  expects: 'a name of letters, digits and . _ -, up to 64 characters',
  parse: (text) => (/^[A-Za-z0-9][\w.-]{0,63}$/.test(text) ? text : undefined),
};

const code: ValueType<string> = {
  placeholder: 'CODE',
  expects: 'the code of a finding, such as nearly-full',
  parse: (text) => (/^[a-z][a-z0-9-]{0,63}$/.test(text) ? text : undefined),
};

const timeZone: ValueType<string> = {
  placeholder: 'ZONE',
  expects: 'a time zone such as Europe/Berlin or UTC',
  parse: (text) => {
    try {
      return new Intl.DateTimeFormat('en-GB', { timeZone: text }).resolvedOptions().timeZone;
    } catch {
      return undefined;
    }
  },
};

export const receiverTypes = ['webhook', 'email', 'exec'] as const;

/** Of every receiver, whatever its type. */
export const receiverFields = {
  name: { type: receiverName, required: true },
  type: { type: choice(receiverTypes) },
  timeout: { type: duration(100, minuteMs) },
  repeat_interval: { type: duration(minuteMs, 30 * dayMs) },
  send_resolved: { type: boolean },
  most_at_once: { type: whole(1, 500) },
} as const satisfies Record<string, Field>;

export const quietFields = {
  from: { type: timeOfDay, required: true },
  to: { type: timeOfDay, required: true },
  days: { type: choice(weekdays), several: true },
  time_zone: { type: timeZone },
} as const satisfies Record<string, Field>;

export const routeFields = {
  receivers: { type: receiverName, several: true, required: true },
  severities: { type: choice(severities), several: true },
  pools: { type: poolGlob, several: true },
  codes: { type: code, several: true },
} as const satisfies Record<string, Field>;
