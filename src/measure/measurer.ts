import { messageOf } from '../format/error-message.ts';
import type { Read } from '../io/read.ts';
import { settled } from '../io/settled.ts';
import type { StateFile } from '../io/state-file.ts';
import type { Logger } from '../log.ts';
import type { ExclusiveSpace, ExclusiveState, MeasuredPool } from '../model/exclusive.ts';
import type { Host } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { type ActivePool, isActive } from '../model/pool.ts';
import { hourMs, minuteMs, secondMs, sectorBytes } from '../model/units.ts';
import { whySick } from '../safety/sick.ts';
import { isSamePool } from '../thinpool/exclusive.ts';
import { measurable, metadataPathOf, whyNotMeasured } from './eligible.ts';
import { type Attempt, listVolumes } from './list-volumes.ts';
import { place, readCounters, send } from './metadata-snapshot.ts';
import { emptyRecord, type Hold, readRecord, type StateRecord, writeRecord } from './record.ts';
import { parseThinLs } from './thin-ls.ts';
import { latestMoment } from './time-of-day.ts';

export interface MeasurerOptions {
  readonly read: Read;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly now: () => number;
  /** The host as it is known now. */
  readonly host: () => Host;
  readonly file: StateFile;
  /** Minutes past midnight UTC. Absent: nothing is measured, and only what an earlier run left behind is released. */
  readonly at?: number;
  readonly thinLsMs?: number;
}

const thinLsMs = 5 * minuteMs;
/** A moment that was slept through is made up for within this time, not later in the day. */
const lateMs = hourMs;
const retryMs = 10 * minuteMs;
/** The service has to end in time, whatever the pool does. */
const stopMs = 2 * secondMs;
const bootIdMs = 5 * secondMs;
const bootIdPath = '/proc/sys/kernel/random/boot_id';

/**
 * Measures the exclusive space of the volumes once a day: reserves the metadata snapshot of each pool, lists it with thin_ls,
 * and releases it. Nothing else in the exporter changes the host. A file records what is reserved, so that it is released
 * after a crash, too.
 */
export class Measurer {
  readonly #options: MeasurerOptions;
  readonly #stopping: Promise<'stopped'>;
  #endWaiting: () => void = () => {};
  #isStopped = false;
  #isOpen = false;
  #bootId = '';
  #record: StateRecord = emptyRecord;
  #state: ExclusiveState = { spaces: [], outcomes: [] };
  #running: Promise<void> | undefined;
  #ranAt: number;
  #retryAt = 0;
  #isStuck = false;

  constructor(options: MeasurerOptions) {
    this.#options = options;
    this.#ranAt = options.now();
    this.#stopping = new Promise((resolve) => {
      this.#endWaiting = () => resolve('stopped');
    });
  }

  /** Reads what an earlier run has left behind. */
  async open(): Promise<void> {
    const { file, log, at } = this.#options;
    this.#bootId = await this.#readBootId();
    try {
      this.#record = readRecord((await file.read()) ?? '');
    } catch (error) {
      log.warn({ err: error }, 'State of exclusive space not readable');
    }
    // A pool without a UUID may have been made anew meanwhile.
    const spaces = at === undefined ? [] : this.#record.spaces.filter(({ uuid }) => uuid !== undefined);
    this.#record = { ...this.#record, spaces };
    this.#state = { ...this.#state, spaces };
    this.#isOpen = true;
  }

  /** Does what is due. Call it about once a second. */
  tick(): void {
    if (!this.#isOpen || this.#isStopped || this.#running !== undefined || this.#isStuck) return;
    const now = this.#options.now();
    // The clock was set back.
    if (this.#ranAt > now) this.#ranAt = now;
    if (this.#retryAt > now + retryMs) this.#retryAt = now;
    const left = now < this.#retryAt ? [] : this.#leftBehind();
    if (left.length > 0) {
      this.#retryAt = now + retryMs;
      this.#start(this.#releaseAll(left));
    } else if (this.#isDue(now)) {
      this.#ranAt = now;
      this.#start(this.#measureAll());
    }
  }

  state(): ExclusiveState {
    return this.#state;
  }

  /** Releases what is reserved, and starts nothing more. Settles in time, even if a pool hangs. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endWaiting();
    await settled(this.#running ?? Promise.resolve(), stopMs);
  }

  #isDue(now: number): boolean {
    const { at } = this.#options;
    if (at === undefined) return false;
    const moment = latestMoment(at, now);
    return moment > this.#ranAt && now - moment < lateMs;
  }

  #start(work: Promise<void>): void {
    this.#running = work
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'Exclusive space not measured'))
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #measureAll(): Promise<void> {
    for (const { name } of measurable(this.#options.host().pools)) {
      if (this.#isStopped || this.#isStuck) return;
      const pool = measurable(this.#options.host().pools).find((one) => one.name === name);
      if (pool !== undefined) await this.#measure(pool);
    }
  }

  async #measure(pool: ActivePool): Promise<void> {
    const { log, now } = this.#options;
    const startedAt = now();
    const { outcome, detail } = await this.#attempt(pool).catch(
      (error: unknown): Attempt => ({ outcome: 'failed', detail: messageOf(error) }),
    );
    if (this.#isStopped) return;
    const fields = { pool: pool.name, outcome, ...omitUndefined({ detail }), ms: now() - startedAt };
    if (outcome === 'measured') log.info(fields, 'Exclusive space measured');
    else log.warn(fields, 'Exclusive space not measured');
    const others = this.#state.outcomes.filter(({ dmName }) => dmName !== pool.dmName);
    this.#state = { ...this.#state, outcomes: [...others, { dmName: pool.dmName, outcome }] };
  }

  async #attempt(pool: ActivePool): Promise<Attempt> {
    const { read, host, now } = this.#options;
    const why = whyNotMeasured(pool);
    if (why !== undefined) return { outcome: 'unhealthy', detail: why };
    const path = metadataPathOf(pool, host().blockDevices);
    if (path === undefined) return { outcome: 'failed', detail: 'its metadata device is not known' };
    const before = await readCounters(read, pool.dmName);
    if ('failure' in before) return { outcome: 'unhealthy', detail: before.failure };
    if (before.counters.heldMetadataRoot !== undefined)
      return { outcome: 'held', detail: 'another tool has reserved its metadata snapshot' };
    const hold: Hold = this.#identify(pool);
    // On the disk before the pool has it: what is not recorded would never be released after a crash.
    await this.#save({ holds: [...this.#record.holds, hold] });
    const takenAt = now();
    const sent = await send(read, pool.dmName, 'reserve_metadata_snap');
    if (sent.how === 'unknown') return { outcome: 'timed-out', detail: sent.detail };
    if (sent.how === 'refused') {
      await this.#forget(hold);
      return { outcome: /busy/i.test(sent.detail) ? 'held' : 'failed', detail: sent.detail };
    }
    return this.#readReserved(pool, { hold, path, takenAt });
  }

  #identify({ dmName, uuid, device }: ActivePool): MeasuredPool {
    return omitUndefined({ dmName, uuid: uuid === '' ? undefined : uuid, device, bootId: this.#bootId });
  }

  async #readReserved(
    pool: ActivePool,
    { hold, path, takenAt }: { readonly hold: Hold; readonly path: string; readonly takenAt: number },
  ): Promise<Attempt> {
    this.#state = { ...this.#state, holding: pool.dmName };
    let reserved = hold;
    try {
      const after = await readCounters(this.#options.read, pool.dmName);
      if ('failure' in after) return { outcome: 'failed', detail: after.failure };
      const { heldMetadataRoot } = after.counters;
      if (heldMetadataRoot === undefined)
        return { outcome: 'failed', detail: 'its metadata snapshot was released by another tool' };
      reserved = { ...hold, heldRoot: heldMetadataRoot };
      await this.#save({ holds: this.#record.holds.map((one) => (one === hold ? reserved : one)) });
      const listed = await this.#list(path);
      if ('outcome' in listed) return listed;
      const blockBytes = pool.table.blockSectors * sectorBytes;
      this.#keep({ ...this.#identify(pool), takenAt, blockBytes, volumes: parseThinLs(listed.stdout) });
      return { outcome: 'measured' };
    } finally {
      await this.#release(reserved);
      const { holding: _, ...rest } = this.#state;
      this.#state = rest;
    }
  }

  async #list(path: string): Promise<Attempt | { readonly stdout: string }> {
    const listing = await listVolumes(path, {
      read: this.#options.read,
      timeoutMs: this.#options.thinLsMs ?? thinLsMs,
      stopping: this.#stopping,
    });
    if ('exited' in listing && listing.exited !== undefined) this.#waitFor(listing.exited);
    return listing;
  }

  /** No second thin_ls beside one that the kernel does not let end. */
  #waitFor(exited: Promise<void>): void {
    this.#isStuck = true;
    void exited.then(() => {
      this.#isStuck = false;
    });
  }

  #keep(space: ExclusiveSpace): void {
    const known = this.#options.host().pools;
    // Pools that are gone are forgotten, and so is what was measured of this one before.
    const others = this.#record.spaces.filter(
      (one) =>
        !isSamePool(space, one, this.#bootId) && known.some((pool) => isSamePool(pool, one, this.#bootId)),
    );
    const spaces = [...others, space];
    this.#record = { ...this.#record, spaces };
    this.#state = { ...this.#state, spaces };
  }

  /** Releases a snapshot of ours. One that is no longer there, or is another tool's by now, is left alone. */
  async #release(hold: Hold, dmName = hold.dmName): Promise<void> {
    const { read, log } = this.#options;
    const { heldRoot } = hold;
    const before = heldRoot === undefined ? undefined : await readCounters(read, dmName);
    const isGone =
      before !== undefined && 'counters' in before && before.counters.heldMetadataRoot !== heldRoot;
    if (isGone) {
      log.warn({ pool: dmName }, 'Metadata snapshot was released by another tool');
      await this.#forget(hold);
      return;
    }
    const sent = await send(read, dmName, 'release_metadata_snap');
    if (sent.how === 'done') {
      await this.#forget(hold);
      return;
    }
    this.#retryAt = this.#options.now() + retryMs;
    log.error({ pool: dmName, detail: sent.detail }, 'Metadata snapshot not released; it is tried again');
  }

  /** Records of pools that can be read now. */
  #leftBehind(): readonly (readonly [Hold, ActivePool])[] {
    const { pools } = this.#options.host();
    return this.#record.holds.flatMap((hold) => {
      const pool = pools.find((one) => isSamePool(one, hold, this.#bootId));
      return pool === undefined || !isActive(pool) || whySick(pool) !== undefined
        ? []
        : [[hold, pool] as const];
    });
  }

  async #releaseAll(left: readonly (readonly [Hold, ActivePool])[]): Promise<void> {
    for (const [hold, { dmName, name }] of left) {
      const now = await readCounters(this.#options.read, dmName);
      if ('failure' in now) continue;
      const { heldMetadataRoot } = now.counters;
      const { log } = this.#options;
      if (heldMetadataRoot === undefined) await this.#forget(hold);
      else if (hold.heldRoot === undefined)
        log.warn({ pool: name }, 'Metadata snapshot left alone; another tool may have reserved it');
      else if (hold.heldRoot === heldMetadataRoot) {
        // The pool may have another device name by now.
        await this.#release(hold, dmName);
      } else {
        log.warn({ pool: name }, 'Metadata snapshot left alone; it is not the one that was reserved here');
        await this.#forget(hold);
      }
    }
  }

  async #forget(hold: Hold): Promise<void> {
    await this.#save({ holds: this.#record.holds.filter((one) => one !== hold) });
  }

  /** What is not on the disk is not believed. */
  async #save(parts: Partial<StateRecord>): Promise<void> {
    const record = { ...this.#record, ...parts };
    await this.#options.file.write(writeRecord(record));
    this.#record = record;
  }

  async #readBootId(): Promise<string> {
    const paths = [{ how: 'text' as const, path: bootIdPath }];
    const result = await this.#options.read({ paths }, place, { timeoutMs: bootIdMs }).result;
    if (!result.ok) return '';
    const contents = JSON.parse(result.output.stdout) as Readonly<Record<string, string | null>>;
    return contents[bootIdPath]?.trim() ?? '';
  }
}
