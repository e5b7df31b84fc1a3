import { scenarios } from '../scenarios/index.ts';
import { isSuiteName, machineSuite } from '../suites.ts';
import { openLab } from './lab.ts';
import { readVersions } from './versions.ts';
import { startYardstick } from './yardstick.ts';

const {
  LAB_SCENARIO: name = '',
  LAB_SUITE: suite = '',
  LAB_PROJECT: project = '/',
  LAB_CACHE: cache = '/',
} = process.env;
const yardstick = startYardstick();
const { lab, finish } = openLab({
  scenario: name,
  suite: isSuiteName(suite) ? suite : machineSuite,
  versions: await readVersions(),
  out: '/out',
  project,
  places: [cache, project],
  yardstick,
});
const scenario = scenarios.find((candidate) => candidate.name === name);
try {
  if (!scenario) throw new Error(`no scenario ${name}`);
  await scenario.steps(lab);
  finish();
} catch (error) {
  finish(error);
}
// A child in D state must not keep the guest from powering off.
process.exit();
