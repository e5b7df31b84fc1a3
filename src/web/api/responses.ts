import type { CollectorState } from '../../model/collector-state.ts';
import type { Finding, MutedFinding, PendingFinding } from '../../model/finding.ts';
import type { FreeSpace } from '../../model/free-space.ts';
import type { Host, MissingPool } from '../../model/host.ts';
import type { Plan } from '../../model/plan.ts';
import type { Pool } from '../../model/pool.ts';
import type { RoomVerdict } from '../../model/room.ts';
import type { PoolTrend, VolumesGrown } from '../../model/trend.ts';
import { type JsonBy, type Shape, shape } from './shape.ts';
import {
  collectorShape,
  findingShape,
  growthShape,
  type Limits,
  limitsShape,
  missingPoolShape,
  mutedShape,
  pendingShape,
  planFields,
  poolShape,
  roomFields,
  topFields,
  trendShape,
} from './shapes.ts';

interface Pools extends Pick<Host, 'takenAt' | 'pools' | 'missingPools'> {
  readonly trends: readonly PoolTrend[];
}

export const poolsAnswer = shape<Pools>()({
  takenAt: true,
  pools: poolShape,
  missingPools: missingPoolShape,
  trends: trendShape,
});

interface Unknown {
  readonly error: string;
  readonly reasons: readonly string[];
  readonly missingPools: readonly MissingPool[];
}

/** In place of pools, where it is not known which there are. */
export const unknownPoolsAnswer = shape<Unknown>()({
  error: true,
  reasons: true,
  missingPools: missingPoolShape,
});

interface Findings extends Pick<Host, 'takenAt' | 'discovered'> {
  readonly findings: readonly Finding[];
  readonly pending: readonly PendingFinding[];
  readonly muted?: readonly MutedFinding[];
  readonly limits: Limits;
}

export const findingsAnswer = shape<Findings>()({
  takenAt: true,
  discovered: true,
  findings: findingShape,
  pending: pendingShape,
  muted: mutedShape,
  limits: limitsShape,
});

export const collectorsAnswer = shape<Pick<Host, 'takenAt' | 'collectors'>>()({
  takenAt: true,
  collectors: collectorShape,
});

interface Report {
  readonly state: CollectorState;
  readonly outputs: readonly object[];
  readonly facts: readonly object[];
  readonly metrics: string;
  readonly hint?: string;
}

/** Of one collector. What is in `outputs` and `facts` is for a report of a fault: it follows the code. */
export const collectorAnswer = shape<Report>()({
  state: collectorShape,
  outputs: true,
  facts: true,
  metrics: true,
  hint: true,
});

interface Check extends Pick<Host, 'takenAt' | 'discovered' | 'collectors'> {
  readonly status: string;
  readonly reason?: string;
  readonly pools?: readonly Pool[];
  readonly findings: readonly Finding[];
  readonly muted?: readonly MutedFinding[];
  readonly growth: readonly ({ readonly pool: string } & (VolumesGrown | { readonly failure: string }))[];
}

/** What `check --json` prints. */
export const checkAnswer = shape<Check>()({
  status: true,
  reason: true,
  takenAt: true,
  discovered: true,
  pools: poolShape,
  findings: findingShape,
  muted: mutedShape,
  growth: growthShape,
  collectors: collectorShape,
});

/** Whether bytes fit in a pool: what the route and `room --json` give. */
export const roomAnswer = shape<RoomVerdict & Pick<Host, 'takenAt'>>()({ takenAt: true, ...roomFields });

/** What `plan --json` prints. */
export const planAnswer = shape<Plan & Pick<Host, 'takenAt'>>()({ takenAt: true, ...planFields });

/** What `top --json` prints. */
export const topAnswer = shape<FreeSpace & Pick<Host, 'takenAt'>>()({ takenAt: true, ...topFields });

export type PoolsJson = JsonBy<typeof poolsAnswer>;
export type FindingsJson = JsonBy<typeof findingsAnswer>;

/** Every JSON answer by what was requested. */
export const answers: Readonly<Record<string, Shape<never, unknown>>> = {
  '/api/v1/pools': poolsAnswer,
  '/api/v1/pools (503)': unknownPoolsAnswer,
  '/api/v1/findings': findingsAnswer,
  '/api/v1/collectors': collectorsAnswer,
  '/api/v1/collectors/NAME': collectorAnswer,
  '/api/v1/pools/NAME/room': roomAnswer,
  'check --json': checkAnswer,
  'room --json': roomAnswer,
  'plan --json': planAnswer,
  'top --json': topAnswer,
};
