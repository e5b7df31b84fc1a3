/** The arguments of Prometheus and Alertmanager. */
interface Setting {
  readonly config: string;
  /** The folder of its data. */
  readonly storage: string;
  /** host:port to listen on. */
  readonly address: string;
}

export function prometheusArguments({ config, storage, address }: Setting): readonly string[] {
  return [`--config.file=${config}`, `--storage.tsdb.path=${storage}`, `--web.listen-address=${address}`];
}

/** It does not search for peers. */
export function alertmanagerArguments({ config, storage, address }: Setting): readonly string[] {
  return [
    `--config.file=${config}`,
    `--storage.path=${storage}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
  ];
}

/** What Alertmanager is called: by Debian, and by its authors. */
export const alertmanagerNames = ['prometheus-alertmanager', 'alertmanager'] as const;
