import { brotliDecompressSync } from 'node:zlib';

/** Put in place of its name by the bundler: scripts/build/embedded.mjs. */
declare const EMBEDDED: Readonly<Record<'dashboards' | 'runbooks' | 'tools', string>>;

export interface Runbook {
  readonly markdown: string;
  readonly html: string;
}

type Files<Content> = Readonly<Record<string, Content>>;

/** The dashboards for Grafana, by file name. */
export function embeddedDashboards(): Files<string> {
  return unpack(EMBEDDED.dashboards);
}

/** The runbooks by name, without the ending of the file. */
export function embeddedRunbooks(): Files<Runbook> {
  return unpack(EMBEDDED.runbooks);
}

/** The simulated commands of the demo, by name. */
export function embeddedTools(): Files<string> {
  return unpack(EMBEDDED.tools);
}

/** Its content was checked when it was packed. */
function unpack<Content>(packed: string): Files<Content> {
  return JSON.parse(brotliDecompressSync(Buffer.from(packed, 'base64')).toString());
}
