import { runSubcommand } from '../../scripts/subcommand.ts';

// `npm run mutants`, `npm run mutants -- alerts`. Other words select mutants by name.
await runSubcommand(() => import('./exporter.ts'), {
  alerts: () => import('../artifacts/alerts/mutants/main.ts'),
});
