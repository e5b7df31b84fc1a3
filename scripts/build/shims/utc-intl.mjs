// In place of Intl, for which of all this program only node-cron asks, once a second, to take a date apart: with Intl come
// five MiB of calendars and languages. It knows one zone, the one that the process keeps (src/collect/heartbeat.ts).
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

class DateTimeFormat {
  constructor(_, { timeZone = 'UTC' } = {}) {
    if (timeZone !== 'UTC') throw new RangeError(`this calendar is of UTC only, not of ${timeZone}`);
  }

  /** Every part, whatever was asked for; of the zone none, which node-cron takes for no offset. */
  formatToParts(date) {
    const parts = {
      weekday: weekdays[date.getUTCDay()],
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      year: date.getUTCFullYear(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
    };
    return Object.entries(parts).map(([type, value]) => ({ type, value: String(value) }));
  }
}

const small = { DateTimeFormat };

// The name that the bundler looks for.
export { small as Intl };
