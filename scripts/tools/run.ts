import { runSubcommand } from '../subcommand.ts';

// `npm run tools`, `npm run tools -- cluster`, `npm run tools -- monitoring`.
await runSubcommand(() => import('./helm-kubectl.ts'), {
  cluster: () => import('./cluster.ts'),
  monitoring: () => import('./monitoring.ts'),
});
