import type { Needs } from '../collector.ts';

export const dockerCommand: Needs = {
  tool: 'docker',
  package: 'docker.io or docker-ce-cli',
  otherwise: 'the Docker socket',
  version: {
    of: 'docker',
    input: { command: ['docker', '--version'] },
    pattern: /version (?<version>[^,\s]+)/,
  },
};
