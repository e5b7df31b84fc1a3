import type { Run } from './context.ts';
import { renderConfig } from './render-config.ts';

/** Prints what holds, and why. */
export const config: Run = async ({ settings, print }) => {
  print(renderConfig(settings));
  return 0;
};
