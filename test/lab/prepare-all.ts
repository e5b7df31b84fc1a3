import { execFileSync } from 'node:child_process';

/** What scenarios of `lab-all` need besides the exporter: all flavours of the rules, the image, and a small Kubernetes. */
export function setup(): void {
  for (const words of [['generate'], ['image'], ['tools'], ['tools', '--', 'cluster']])
    execFileSync('npm', ['run', ...words], { stdio: 'inherit' });
}
