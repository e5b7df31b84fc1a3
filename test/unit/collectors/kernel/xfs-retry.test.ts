import { describe, expect, it } from 'vitest';
import { parseRetryPolicies, retryPathsOf } from '../../../../src/collectors/kernel/xfs-retry.ts';

const [retries = '', atUnmount = ''] = retryPathsOf('dm-4');

describe('parseRetryPolicies', () => {
  it('reads limits, no limit, and what is done at unmount', () => {
    const [others = ''] = retryPathsOf('dm-5');
    const contents = new Map([
      [retries, '-1'],
      [atUnmount, '1'],
      [others, '0'],
      ['/sys/fs/xfs/stats', 'x'],
    ]);
    expect(parseRetryPolicies(contents)).toEqual([
      { kernelName: 'dm-4', enospcMaxRetries: -1, failAtUnmount: true },
      { kernelName: 'dm-5', enospcMaxRetries: 0 },
    ]);
  });

  it('finds none where XFS shows none', () => {
    expect(parseRetryPolicies(new Map())).toEqual([]);
  });

  it.each(['-2', 'x', ''])('refuses %j retries', (text) => {
    expect(() => parseRetryPolicies(new Map([[retries, text]]))).toThrow(
      'expected a number of retries, or -1',
    );
  });

  it('refuses a flag other than 0 and 1', () => {
    expect(() => parseRetryPolicies(new Map([[atUnmount, 'yes']]))).toThrow('expected 0 or 1');
  });
});
