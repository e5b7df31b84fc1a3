import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findingCodes } from '../../../../src/rules/evaluate.ts';
import { defaultLimits } from '../../../../src/rules/limits.ts';
import { readiness } from '../../../../src/rules/readiness.ts';
import { liveScript } from '../../../../src/web/status-page/client.ts';
import { renderPage } from '../../../../src/web/status-page/page.ts';
import { explain, findBannedPhrases } from '../../../support/banned-phrases.ts';
import { hostsDir, replayCase } from '../../../support/replayed.ts';
import { cases, type PageCase } from '../../../support/status-page-cases.ts';

/** Everything on the page that is read or read aloud. */
function textOf(page: PageCase): string {
  const { markup } = renderPage({
    version: '1.2.3',
    hostName: 'node1',
    telemetryPath: '/metrics',
    limits: () => defaultLimits,
    ...page,
  });
  const labels = [...markup.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label);
  const text = markup.replaceAll(/<(style|script)>.*?<\/\1>/gs, ' ').replaceAll(/<[^>]*>/g, ' ');
  // Codes are names, not prose.
  return findingCodes.reduce((rest, code) => rest.replaceAll(code, ''), [text, ...labels].join('\n'));
}

function banned(where: string, text: string): readonly string[] {
  return findBannedPhrases(text).map((use) => explain(where, use));
}

describe('the status page has no banned phrase', () => {
  it.each(readdirSync(hostsDir))('of host %s', async (name) => {
    const { host, findings, pending, trends } = await replayCase(name);
    const latest = () => ({ host, findings, pending, trends, version: 1 });
    const text = textOf({ latest, readiness: () => readiness(host), now: () => host.takenAt });
    expect(text).toContain('Collectors');
    expect(banned(name, text)).toEqual([]);
  });

  it.each(Object.keys(cases))('in the case: %s', async (name) => {
    expect(banned(name, textOf(await cases[name]!()))).toEqual([]);
  });

  it('in its script', () => {
    const strings = [...liveScript.matchAll(/'[^'\n]*'|"[^"\n]*"|`[^`]*`/g)].map(([text]) => text);
    expect(strings.join('\n')).toContain('Connection lost');
    expect(banned('script', strings.join('\n'))).toEqual([]);
  });
});
