import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Query } from '../../src/collectors/collector.ts';
import type { PartialFacts } from '../../src/model/facts.ts';
import { hostsDir } from '../support/replayed.ts';
import type { Focus } from './mutation.ts';
import { faultsOf } from './soundness.ts';

interface Parser<Result> {
  readonly name: string;
  /** Captured text that it reads without a fault. */
  readonly seeds: readonly string[];
  /** `seed` is what the text was before it was harmed, for parsers that need to know the query. */
  readonly parse: (text: string, seed: string) => Result;
  /** Faults of what was made of the text, found without the parser's own code. */
  readonly check: (text: string, result: Result, seed: string) => readonly string[];
  /** Where harm is done; anywhere by default. */
  readonly focus?: Focus;
}

/** A parser under test. */
export interface Row {
  readonly name: string;
  readonly seeds: readonly string[];
  readonly focus: Focus;
  /** Reads text and says what is wrong with the result. Throws what the parser throws. */
  readonly faults: (text: string, seed: string) => readonly string[];
}

export function row<Result>({ name, seeds, parse, check, focus = everywhere }: Parser<Result>): Row {
  const faults = (text: string, seed: string) => {
    const result = parse(text, seed);
    return [...faultsOf(result), ...check(text, result, seed)];
  };
  return { name, seeds, focus, faults };
}

const everywhere: Focus = (text) => ({ start: 0, end: text.length });

/** The part of a text that a pattern matches; all of it where there is none. */
export function within(pattern: RegExp): Focus {
  return (text) => {
    const match = pattern.exec(text);
    return match === null ? everywhere(text) : { start: match.index, end: match.index + match[0].length };
  };
}

/** Every captured text whose path in its host matches, each once. */
export function captures(path: RegExp): string[] {
  const files = readdirSync(hostsDir, { recursive: true, encoding: 'utf8' }).filter((file) => {
    const [, ...inHost] = file.split('/');
    return path.test(inHost.join('/'));
  });
  return [...new Set(files.sort().map((file) => readFileSync(join(hostsDir, file), 'utf8')))];
}

/** What a variant of a query parses from text on stdout, of a command that exited with 0. */
export function readBy(
  query: Query | undefined,
  variantName: string | undefined,
  stdout: string,
): PartialFacts {
  const variant = query?.variants.find(({ name }) => name === variantName);
  if (variant === undefined) throw new Error(`no variant ${variantName} of ${query?.key}`);
  return variant.parse({ stdout, stderr: '', exitCode: 0, takenAt: 1_800_000_000_000 }, undefined);
}
