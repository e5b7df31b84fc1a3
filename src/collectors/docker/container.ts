import type { DeviceUser } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { ParseError } from '../shared/errors.ts';
import { requireWholeLines } from '../shared/lines.ts';
import { type Partly, readEach } from '../shared/partly.ts';

/** The IDs that `docker ps --quiet --no-trunc` prints, one per line. */
export function parseContainerIds(text: string): readonly string[] {
  requireWholeLines(text);
  return linesOf(text).map(requireId);
}

/** The IDs from the Engine API's `GET /containers/json`, of which only they are kept. */
export function parseContainerRows(text: string): readonly string[] {
  requireWholeLines(text);
  return linesOf(text).map((line) => requireId(parseRow(line, 1)[0]));
}

function requireId(id: unknown): string {
  if (typeof id === 'string' && isContainerId.test(id)) return id;
  throw new ParseError('the id of a container', typeof id === 'string' ? id : JSON.stringify(id));
}

const isContainerId = /^[0-9a-f]{64}$/;

/** The template for `docker inspect`: one JSON array per line, so that no name can break the format. */
export const deviceTemplate = '[{{json .Name}},{{json .Config.Image}},{{json .GraphDriver}}]';

/** The same values in the response to the Engine API's `GET /containers/ID/json`. Nothing else of it is kept. */
export const devicePlaces = [['Name'], ['Config', 'Image'], ['GraphDriver']] as const;

/**
 * The thin device of each container, as the devicemapper driver names it (moby daemon/graphdriver/devmapper/driver.go,
 * GetMetadata: DeviceName). The name of the device contains the ID of the container's layer, which is not the container's
 * ID (layer/layer_unix.go, mountID). A container of another driver has no device.
 */
export function parseContainerDevices(text: string): Partly<DeviceUser> {
  requireWholeLines(text);
  const { records, unreadable } = readEach(linesOf(text), readDevice);
  return { records: records.flat(), unreadable };
}

function readDevice(line: string): DeviceUser[] {
  const [name, image, driver] = parseRow(line, devicePlaces.length);
  if (typeof name !== 'string' || !isContainerName.test(name))
    throw new ParseError('the name of a container', line);
  const dmName = readDmName(driver);
  const kind = 'docker-container' as const;
  const reference = typeof image === 'string' && isReference.test(image) ? image : undefined;
  if (dmName === undefined) return [];
  return [omitUndefined({ dmName, kind, name: name.slice(1), image: reference })];
}

function parseRow(line: string, length: number): readonly unknown[] {
  try {
    const row: unknown = JSON.parse(line);
    if (Array.isArray(row) && row.length === length) return row;
  } catch {
    // Invalid JSON is reported below.
  }
  throw new ParseError(`a JSON array of ${length} about a container`, line);
}

/** As the Engine API returns it, with the slash (moby daemon/names/names.go, RestrictedNameChars). */
const isContainerName = /^\/[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;
/** A reference or an ID of an image, as given when the container was started. */
const isReference = /^[\x21-\x7e]{1,512}$/;
const isDmName = /^[\w#+\-.:=@\\]{1,127}$/;

function readDmName(driver: unknown): string | undefined {
  const data = fieldOf(driver, 'Data');
  const dmName = fieldOf(data, 'DeviceName');
  return typeof dmName === 'string' && isDmName.test(dmName) ? dmName : undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
