import { type JudgedService, usedPercent } from './judge-pools.ts';

/**
 * For one master item of Zabbix. `pools` is also what low-level discovery takes: each has the macro `{#POOL}`, and its
 * value as `pool`, because Zabbix replaces the macro wherever a path has it. What is not known is absent.
 */
export function renderZabbix(services: readonly JudgedService[]): string {
  const answer = {
    host: services.filter(({ pool }) => pool === undefined).map(reported)[0],
    pools: services.flatMap((service) => {
      const { pool } = service;
      if (pool === undefined) return [];
      return [
        {
          '{#POOL}': pool.name,
          pool: pool.name,
          ...reported(service),
          data_used_percent: rounded(usedPercent(pool, 'data')),
          metadata_used_percent: rounded(usedPercent(pool, 'metadata')),
          data_free_bytes: pool.data?.freeBytes,
          metadata_free_bytes: pool.metadata?.freeBytes,
        },
      ];
    }),
  };
  return `${JSON.stringify(answer, undefined, 2)}\n`;
}

function reported({ status, summary, findings }: JudgedService): object {
  return {
    status,
    summary,
    codes: findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code),
  };
}

function rounded(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : Math.round(percent * 100) / 100;
}
