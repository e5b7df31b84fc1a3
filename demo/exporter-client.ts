import type { ActiveAlert } from './alert-events.ts';
import type { ExporterState } from './exporter-state.ts';

/** Undefined while the exporter does not respond. Its responses are not validated: they come from our own program. */
export async function fetchExporter(url: string): Promise<ExporterState | undefined> {
  const [pools, findings] = await Promise.all([
    ask<Pick<ExporterState, 'pools'>>(`${url}/api/v1/pools`),
    ask<Pick<ExporterState, 'findings'>>(`${url}/api/v1/findings`),
  ]);
  return pools && findings && { ...pools, ...findings };
}

interface AlertRule {
  readonly duration: number;
  readonly alerts: readonly Omit<ActiveAlert, 'patience'>[];
}

export async function fetchAlerts(url: string): Promise<readonly ActiveAlert[] | undefined> {
  const answer = await ask<{ data: { groups: readonly { rules: readonly AlertRule[] }[] } }>(
    `${url}/api/v1/rules?type=alert`,
  );
  return answer?.data.groups.flatMap(({ rules }) =>
    rules.flatMap(({ duration, alerts }) =>
      alerts.map(({ state, labels }) => ({ state, labels, patience: duration })),
    ),
  );
}

async function ask<Answer>(url: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return response.ok ? (JSON.parse(await response.text()) as Answer) : undefined;
  } catch {
    return undefined;
  }
}
