import { flavours, writeFiles } from '../../scripts/generated.ts';

/** Before the tests of what is generated and not committed. */
export function setup(): void {
  writeFiles(flavours());
}
