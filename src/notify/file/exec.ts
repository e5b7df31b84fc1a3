import type { ValueType } from '../../config/value-types.ts';
import { messageOf } from '../../format/error-message.ts';
import { secondMs } from '../../model/units.ts';
import type { Receiver } from '../receiver.ts';
import type { ExecEndpoint } from './endpoint.ts';
import type { Files } from './files.ts';
import { findTrusted } from './program.ts';
import type { Field, Values } from './reader.ts';

const absolutePath: ValueType<string> = {
  placeholder: 'FILE',
  expects: 'the absolute path of a program',
  parse: (text) => (/^\/[^\0]{1,4095}$/.test(text) ? text : undefined),
};

const argument: ValueType<string> = {
  placeholder: 'TEXT',
  expects: 'texts of up to 1000 characters',
  parse: (text) => (/^[^\0]{1,1000}$/s.test(text) ? text : undefined),
};

export const execFields = {
  program: { type: absolutePath, required: true },
  args: { type: argument, several: true },
} as const satisfies Record<string, Field>;

type ExecValues = Values<typeof execFields>;

const mostArguments = 20;

export function checkExec({ args = [] }: ExecValues): readonly string[] {
  return args.length > mostArguments ? [`expected at most ${mostArguments} args`] : [];
}

export async function loadExec(
  receiver: Receiver,
  { program, args = [] }: ExecValues,
  timeoutMs: number | undefined,
  files: Files,
): Promise<ExecEndpoint | undefined> {
  if (program === undefined) return undefined;
  try {
    const found = await findTrusted(program, process.geteuid?.() ?? 0);
    return { ...receiver, type: 'exec', program: found, args, timeoutMs: timeoutMs ?? 10 * secondMs };
  } catch (error) {
    files.report(`program: ${messageOf(error)}`);
    return undefined;
  }
}
