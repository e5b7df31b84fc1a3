import { scenarios } from '../scenarios/index.ts';
import { openLab } from './lab.ts';

const name = process.env['LAB_SCENARIO'] ?? '';
const { lab, finish } = openLab(
  name,
  process.env['LAB_OUT_HERE'] ?? '/out',
  process.env['LAB_PROJECT'] ?? '/',
);
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
