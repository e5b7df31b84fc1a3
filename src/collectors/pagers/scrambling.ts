import { type Scrambling, scrambleLines, wordsIn } from '../shared/scrambling.ts';

export const scrambling: Scrambling = {
  vocabulary: {
    names: wordsIn(`
      proc comm cmdline mountinfo prometheus alertmanager prometheus-aler victoria-metric victoriametrics vmalert vmalert-prod
      grafana grafana-server storage tsdb agent path storageDataPath dev mapper var lib data rw ro relatime ext4 xfs btrfs overlay
      processes places
    `).flatMap((word) => word.split('-')),
    text: wordsIn('grep pgrep no such file or directory permission denied'),
  },
  scramble: (text, { name, text: message }) =>
    scrambleLines(text, (line) => (/^(?:\/proc\/|\d+ )/.test(line) ? name(line) : message(line))),
};
