import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeBases, readBaseNames } from './bases.ts';
import { buildah, type Places } from './buildah.ts';

/** A built image as `docker load` takes it. */
export interface Image {
  /** With its tag. */
  readonly name: string;
  readonly archive: string;
}

/** Builds the Dockerfile as it stands. No registry is contacted: the images in FROM are made here. */
export function buildImage(places: Places, say: (message: string) => void): Image {
  const { project } = places;
  const { version }: { version: string } = JSON.parse(
    readFileSync(path.join(project, 'package.json'), 'utf8'),
  );
  makeBases(places, readBaseNames(readFileSync(path.join(project, 'Dockerfile'), 'utf8')), say);
  const name = `thinpool-exporter:${version}`;
  say(`building ${name}`);
  const how = ['--isolation', 'chroot', '--format', 'docker', '--layers=false', '--pull-never', '--quiet'];
  buildah(places, ['bud', ...how, '--build-arg', `VERSION=${version}`, '--tag', name, '.'], project);
  const archive = path.join(project, 'artifacts/image/thinpool-exporter.tar');
  mkdirSync(path.dirname(archive), { recursive: true });
  rmSync(archive, { force: true });
  say('writing the archive');
  buildah(places, ['push', '--quiet', `localhost/${name}`, `docker-archive:${archive}:${name}`]);
  // What is not named any more: the stage that built, and the image before.
  buildah(places, ['rmi', '--prune', '--force']);
  return { name, archive };
}
