import '../../src/io/no-inspector.ts';
import { messageEvents } from '../alert-events.ts';
import { openWebhook } from '../alerting/webhook.ts';
import { openTerminal } from '../terminal.ts';

// Prints the notifications of Alertmanager: `docker compose logs -f webhook`.
const startedAt = performance.now();
const terminal = openTerminal(process.stdout, process.env);

await openWebhook(
  9099,
  (message) => {
    for (const event of messageEvents(message)) terminal.tell((message.at - startedAt) / 1000, event);
  },
  '0.0.0.0',
);
terminal.say('Waiting for pages and tickets. Times are since the start of this program.');
