import type { Scenario } from '../scenario.ts';
import { hello } from './hello.ts';

export const scenarios: readonly Scenario[] = [hello];
