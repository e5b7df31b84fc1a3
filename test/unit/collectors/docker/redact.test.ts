import { expect, it } from 'vitest';
import { redactInfo } from '../../../../src/collectors/docker/redact.ts';

it.each([
  ['{"Driver":"overlay2","Name":"db1.corp","HttpProxy":"http://u:p@x"}\n', '{"Driver":"overlay2"}\n'],
  [
    'Server:\n Server Version: 20.10\n Storage Driver: devicemapper\n  Pool Name: p\n Logging Driver: x\n Name: db1\n',
    'Server:\n Server Version: 20.10\n Storage Driver: devicemapper\n  Pool Name: p\n',
  ],
  ['ERROR: Cannot connect to the Docker daemon\n', 'ERROR: Cannot connect to the Docker daemon\n'],
])('keeps of %j what the exporter reads', (text, kept) => {
  expect(redactInfo(text)).toBe(kept);
});

it('leaves broken JSON to the parser, which has to report it', () => {
  expect(redactInfo('{"Driver":')).toBe('{"Driver":');
});
