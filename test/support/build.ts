import { buildProgram } from '../../scripts/build/bundle.mjs';

/** Before the tests that start dist/main.js: what they start is made from the collector that is tested. */
export function setup(): void {
  buildProgram();
}
