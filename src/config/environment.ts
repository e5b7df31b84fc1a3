import type { Given } from './given.ts';
import { environmentName, environmentPrefix, isSetBy, type Option } from './option.ts';
import { suggest } from './suggest.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as unset: compose files and systemd units write "no value" this way. */
export function readEnvironment(environment: Environment, options: readonly Option[]): Given[] {
  const given: Given[] = [];
  for (const option of options.filter((row) => isSetBy(row, 'environment'))) {
    const where = environmentName(option);
    const text = environment[where];
    if (text !== undefined && text !== '') given.push({ option, text, origin: 'environment', where });
  }
  return given;
}

// Kubernetes sets these variables in every container for every service of the namespace, so also for a service named `thinpool…`.
const ofKubernetes =
  /_(?:SERVICE_HOST|SERVICE_PORT\w*|PORT|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;

/**
 * Variables with our prefix that match no option. A warning, not an error, because the environment is shared with other
 * programs.
 */
export function findStrayVariables(environment: Environment, options: readonly Option[]): string[] {
  const names = options.filter((row) => isSetBy(row, 'environment')).map(environmentName);
  return Object.keys(environment)
    .filter((name) => name.startsWith(environmentPrefix) && !names.includes(name) && !ofKubernetes.test(name))
    .sort()
    .map((name) => `${name}: unknown variable, ignored${suggest(name, names)}`);
}
