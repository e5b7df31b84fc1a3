import { describe, expect, it } from 'vitest';
import type { ExporterState } from '../../../demo/exporter-state.ts';
import { statusLine } from '../../../demo/status.ts';
import { hostAt } from '../../../demo/story.ts';

/** What the exporter reports of the story, as far as a status needs it. */
function stateAt(second: number): ExporterState {
  const { pools } = hostAt(second);
  const isBad = (mode: string) => mode !== 'rw';
  const state = {
    pools: pools.map(({ dmName, usedBlocks, totalBlocks, metadataUsed, metadataTotal, mode }) => ({
      name: dmName,
      data: { usedBytes: usedBlocks, sizeBytes: totalBlocks },
      metadata: { usedBytes: metadataUsed, sizeBytes: metadataTotal },
      counters: { mode },
    })),
    findings: pools
      .filter(({ mode }) => isBad(mode))
      .map(({ dmName }) => ({ pool: dmName, severity: 'critical', code: 'x' })),
  };
  return state as unknown as ExporterState;
}

describe('the status of the demo', () => {
  it('has every pool where there is room', () => {
    const line = statusLine(stateAt(45), 1000);
    expect(line).toMatch(/^docker-thinpool 100%\/\d+% out_of_data_space · /);
    expect(line.split(' · ')).toHaveLength(5);
  });

  it.each([0, 45, 110, 140, 285])('fits 80 columns %d s into the story, and counts the rest', (second) => {
    const line = statusLine(stateAt(second), 62);
    expect(line.length).toBeLessThanOrEqual(62);
    const { more } = / · (?<more>\d) more$/.exec(line)?.groups ?? {};
    expect(line.split(' · ').length - 1 + Number(more)).toBe(5);
  });
});
