import { tool } from '../../support/tools.ts';

export const helm = tool('helm');
export const kubectl = tool('kubectl');
