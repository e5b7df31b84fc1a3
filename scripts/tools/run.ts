import { runSubcommand } from '../subcommand.ts';

// `npm run tools`, `npm run tools -- cluster`, `npm run tools -- prometheus`.
await runSubcommand(() => import('./helm-kubectl.ts'), {
  cluster: () => import('./cluster.ts'),
  prometheus: () => import('./prometheus-3.ts'),
});
