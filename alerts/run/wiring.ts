import { shippedWebhookPort } from './webhook.ts';

/** Where the shipped examples look for each other. */
const shipped = {
  exporter: '127.0.0.1:10056',
  alertmanager: '127.0.0.1:9093',
  rules: 'thinpool.rules.yml',
  webhook: `127.0.0.1:${shippedWebhookPort}`,
} as const;

type Places<Names extends keyof typeof shipped> = Readonly<Record<Names, string>>;

/** prometheus.example.yml, for other places and else as it is. */
export function wirePrometheus(
  example: string,
  places: Places<'exporter' | 'alertmanager' | 'rules'>,
): string {
  return wire(example, places);
}

/** alertmanager.example.yml, for another webhook and else as it is. */
export function wireAlertmanager(example: string, places: Places<'webhook'>): string {
  return wire(example, places);
}

function wire(example: string, places: Partial<Places<keyof typeof shipped>>): string {
  const own = new Map(
    Object.entries(places).map(([name, place]) => [shipped[name as keyof typeof shipped], place]),
  );
  for (const place of own.keys())
    if (!example.includes(place)) throw new Error(`the example does not name ${place} any more`);
  // In one pass: a place of one's own may look like a shipped one.
  const any = new RegExp(
    [...own.keys()].map((place) => place.replaceAll('.', String.raw`\.`)).join('|'),
    'g',
  );
  return example.replaceAll(any, (place) => own.get(place as never) ?? place);
}
