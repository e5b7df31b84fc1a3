import { runSubcommand } from '../subcommand.ts';

// `npm run tools`, `npm run tools -- cluster`.
await runSubcommand(() => import('./helm-kubectl.ts'), {
  cluster: () => import('./cluster.ts'),
});
