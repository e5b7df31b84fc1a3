/** Findings on how a pool is set up, not on how it is: they hold from the first day, and can be mended in peace. */
export const setUpCodes: readonly string[] = [
  'autoextend-off',
  'autoextend-not-monitored',
  'autoextend-never',
  'autoextend-no-room',
  'autoextend-overdue',
  'overcommitted-without-reserve',
  'loopback-in-use',
  'xfs-retries-for-ever',
  'metadata-limit',
  'metadata-before-data',
];
