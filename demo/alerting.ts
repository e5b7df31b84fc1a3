import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alertmanagerExample } from '../src/alerting/prometheus/alertmanager.ts';
import { prometheusExample } from '../src/alerting/prometheus/prometheus.ts';
import { rulesFile } from '../src/alerting/prometheus/rule-files.ts';
import { alertmanagerArguments, alertmanagerNames, prometheusArguments } from './alerting/command-lines.ts';
import { wireAlertmanager, wirePrometheus } from './alerting/wiring.ts';
import { freePort } from './ports.ts';
import type { Program } from './supervisor.ts';

/** Prometheus and Alertmanager with the shipped files: what to start, and their addresses. */
export interface Alerting {
  readonly programs: readonly Program[];
  readonly prometheus: string;
  readonly alertmanager: string;
}

export const ruleFile = 'thinpool.rules.yml';

interface Found {
  readonly prometheus: string;
  readonly alertmanager: string;
}

export function findPrograms(searchPath: string | undefined): Found | { readonly missing: string } {
  const find = (...names: readonly string[]) => findOnPath(names, searchPath);
  const prometheus = find('prometheus');
  const alertmanager = find(...alertmanagerNames);
  if (prometheus !== undefined && alertmanager !== undefined) return { prometheus, alertmanager };
  const names = [...(prometheus ? [] : ['Prometheus']), ...(alertmanager ? [] : ['Alertmanager'])];
  return {
    missing: `Running without alerts: ${names.join(' and ')} not found on PATH. On Debian: apt-get install --no-install-recommends prometheus prometheus-alertmanager`,
  };
}

function findOnPath(names: readonly string[], searchPath = ''): string | undefined {
  const files = names.flatMap((name) =>
    searchPath.split(path.delimiter).flatMap((folder) => (folder === '' ? [] : path.join(folder, name))),
  );
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

interface Wanted {
  /** For configuration and data. */
  readonly folder: string;
  /** `keep_firing_for` keeps an alert for two minutes to three hours after its cause has gone, which is too long for a demo. */
  readonly keepFiring: boolean;
  readonly exporter: string;
  readonly webhook: string;
}

/** Writes the configuration of both: the rules, and the examples with the addresses of the demo. */
export async function prepareAlerting(found: Found, wanted: Wanted): Promise<Alerting> {
  const { folder, keepFiring } = wanted;
  const port = await freePort(9090);
  const prometheus = `127.0.0.1:${port}`;
  const alertmanager = `127.0.0.1:${await freePort(Math.max(9093, port + 1))}`;
  mkdirSync(folder);
  writeFileSync(path.join(folder, ruleFile), rulesFile({ keepFiringFor: keepFiring }));
  const place = (name: string, text: string, address: string) => {
    const config = path.join(folder, `${name}.yml`);
    writeFileSync(config, text);
    return { config, storage: path.join(folder, name), address };
  };
  const prometheusConfig = wirePrometheus(prometheusExample(), {
    ...wanted,
    alertmanager,
    rules: ruleFile,
  });
  const alertmanagerConfig = wireAlertmanager(alertmanagerExample(), wanted);
  return {
    prometheus: `http://${prometheus}`,
    alertmanager: `http://${alertmanager}`,
    programs: [
      {
        name: 'Prometheus',
        command: found.prometheus,
        args: prometheusArguments(place('prometheus', prometheusConfig, prometheus)),
        log: path.join(folder, 'prometheus.log'),
      },
      {
        name: 'Alertmanager',
        command: found.alertmanager,
        args: alertmanagerArguments(place('alertmanager', alertmanagerConfig, alertmanager)),
        log: path.join(folder, 'alertmanager.log'),
      },
    ],
  };
}
