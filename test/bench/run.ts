import { runSubcommand } from '../../scripts/subcommand.ts';

// `npm run bench`, `npm run bench -- alerts`, `npm run bench -- fleet`, `npm run bench -- soak`.
await runSubcommand(() => import('./main.ts'), {
  alerts: () => import('../alert-quality/main.ts'),
  fleet: () => import('./fleet/main.ts'),
  soak: () => import('../soak/main.ts'),
});
