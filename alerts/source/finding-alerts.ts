import type { FindingCode } from '../../src/health/codes.ts';
import { runbookOfFinding } from '../../src/health/runbooks.ts';
import type { AlertName } from './names.ts';

/** Which alert a finding raises, at the severity that the finding has. A finding without an alert does not compile. */
export const alertOfFinding = runbookOfFinding satisfies Record<FindingCode, AlertName>;
