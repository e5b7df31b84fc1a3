import { shippedWebhookPort } from './webhook.ts';

/** Where the shipped examples expect each other. */
const shipped = {
  exporter: '127.0.0.1:10058',
  alertmanager: '127.0.0.1:9093',
  rules: 'thinpool.rules.yml',
  webhook: `127.0.0.1:${shippedWebhookPort}`,
} as const;

type Place = keyof typeof shipped;

/** prometheus.example.yml, for other places and else as it is. */
export function wirePrometheus(
  example: string,
  { exporter, alertmanager, rules }: Readonly<Record<'exporter' | 'alertmanager' | 'rules', string>>,
): string {
  return wire(example, { exporter, alertmanager, rules });
}

/** alertmanager.example.yml, for another webhook and else as it is. */
export function wireAlertmanager(example: string, { webhook }: { readonly webhook: string }): string {
  return wire(example, { webhook });
}

function wire(example: string, places: Readonly<Partial<Record<Place, string>>>): string {
  const own = new Map<string, string>(
    Object.entries(places).map(([name, place]) => [shipped[name as Place], place]),
  );
  for (const place of own.keys())
    if (!example.includes(place)) throw new Error(`the example does not name ${place} any more`);
  // In one pass: a place of one's own may resemble a shipped one.
  const any = new RegExp(
    [...own.keys()].map((place) => place.replaceAll('.', String.raw`\.`)).join('|'),
    'g',
  );
  return example.replaceAll(any, (place) => own.get(place) ?? place);
}
