import { runSubcommand } from '../subcommand.ts';

// `npm run pictures`, `npm run pictures -- dashboards`.
await runSubcommand(() => import('./status-page.ts'), {
  dashboards: () => import('../../dashboards/pictures/main.ts'),
});
