import type { Scenario } from '../scenario.ts';
import { alertPath } from './alert-path.ts';
import {
  captureFailed,
  captureFailedOrigin,
  captureMetadataFull,
  captureNeedsCheck,
  captureSuspended,
} from './capture-broken.ts';
import { captureDockerDirect, captureDockerLoop } from './capture-docker.ts';
import { captureErrorIfNoSpace, captureFullUntripped, captureQueueing } from './capture-full.ts';
import {
  captureEmpty,
  captureHealthy,
  captureRecipe,
  captureResized,
  captureUnmonitored,
} from './capture-lvm.ts';
import { captureNoDm } from './capture-no-dm.ts';
import { captureOddNames, captureRaw } from './capture-raw.ts';
import { churn } from './churn.ts';
import { clock } from './clock.ts';
import { containerd } from './containerd.ts';
import { dataFull } from './data-full.ts';
import { dmeventd } from './dmeventd.ts';
import { docker } from './docker.ts';
import { dockerFullExt4, dockerFullXfs } from './docker-full.ts';
import { events } from './events.ts';
import { exclusive } from './exclusive.ts';
import { hello } from './hello.ts';
import { identity } from './identity.ts';
import { image } from './image.ts';
import { incus } from './incus.ts';
import { kubernetes } from './kubernetes.ts';
import { loopLvm } from './loop-lvm.ts';
import { lvmAutoextend } from './lvm-autoextend.ts';
import { lvmRefusal } from './lvm-refusal.ts';
import { lvmRoom } from './lvm-room.ts';
import { lvmScope } from './lvm-scope.ts';
import { many } from './many.ts';
import { metadataFull } from './metadata-full.ts';
import { needsCheck } from './needs-check.ts';
import { notify } from './notify.ts';
import { pace } from './pace.ts';
import { pageDelay } from './page-delay.ts';
import { peersScenario } from './peers.ts';
import { poolFailed } from './pool-failed.ts';
import { presence } from './presence.ts';
import { raidUnderPool } from './raid-under-pool.ts';
import { rawNames } from './raw-names.ts';
import { rights } from './rights.ts';
import { runbookScenarios } from './runbooks.ts';
import { smoke } from './smoke.ts';
import { stall } from './stall.ts';
import { stallsDockerQuiet, stallsDockerWriting, stallsQuiet, stallsWriting } from './stalls.ts';
import { suspended } from './suspended.ts';
import { trim } from './trim.ts';
import { vgLock } from './vg-lock.ts';
import { xfsHang } from './xfs-hang.ts';

/** Part of every `npm test` where the lab can run: what a pool goes through most, in four minutes. */
export const always: readonly Scenario[] = [smoke, docker, metadataFull];

/** The same on the newest kernel and LVM: the shortest that goes through most states. */
export const onNewest: readonly Scenario[] = [smoke];

/** All that judge; those that are not always run take `npm test -- --project lab-all`. */
export const tests: readonly Scenario[] = [
  ...always,
  hello,
  dataFull,
  pace,
  stall,
  stallsQuiet,
  stallsWriting,
  stallsDockerQuiet,
  stallsDockerWriting,
  dockerFullExt4,
  dockerFullXfs,
  xfsHang,
  loopLvm,
  vgLock,
  many,
  needsCheck,
  poolFailed,
  suspended,
  trim,
  exclusive,
  raidUnderPool,
  clock,
  identity,
  incus,
  rawNames,
  lvmAutoextend,
  lvmRoom,
  lvmRefusal,
  lvmScope,
  presence,
  churn,
  containerd,
  dmeventd,
  alertPath,
  notify,
  events,
  rights,
  image,
  kubernetes,
  pageDelay,
  peersScenario,
  ...runbookScenarios,
];

/** These record hosts for test/hosts, and judge nothing. */
const captures: readonly Scenario[] = [
  captureEmpty,
  captureHealthy,
  captureRecipe,
  captureResized,
  captureUnmonitored,
  captureQueueing,
  captureErrorIfNoSpace,
  captureFullUntripped,
  captureNeedsCheck,
  captureFailed,
  captureFailedOrigin,
  captureMetadataFull,
  captureSuspended,
  captureRaw,
  captureOddNames,
  captureDockerDirect,
  captureDockerLoop,
  captureNoDm,
];

export const scenarios: readonly Scenario[] = [...tests, ...captures];
