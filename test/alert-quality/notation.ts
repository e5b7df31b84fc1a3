import type { Sample } from './scraped.ts';

/** Writes samples as promtool reads them: `a+bxn` is n more samples, each b above the one before. */
export function notate(samples: readonly Sample[]): string {
  const words: string[] = [];
  for (let index = 0; index < samples.length; ) {
    const first = samples[index];
    const run = typeof first === 'number' ? rampFrom(samples, index, first) : sameFrom(samples, index);
    words.push(run.word);
    index += run.length;
  }
  return words.join(' ');
}

interface Run {
  readonly word: string;
  readonly length: number;
}

function sameFrom(samples: readonly Sample[], index: number): Run {
  const word = samples[index] === 'stale' ? 'stale' : '_';
  if (word === 'stale') return { word, length: 1 };
  let length = 1;
  while (index + length < samples.length && samples[index + length] === undefined) length += 1;
  return { word: length === 1 ? word : `_x${length}`, length };
}

/** Half a byte: pools have whole ones. A flat stretch is flat exactly. */
const tolerance = 0.5;

function rampFrom(samples: readonly Sample[], index: number, first: number): Run {
  const second = samples[index + 1];
  if (typeof second !== 'number') return { word: `${first}`, length: 1 };
  const slope = second - first;
  const allowed = slope === 0 ? 0 : tolerance;
  let length = 2;
  for (; index + length < samples.length; length += 1) {
    const sample = samples[index + length];
    if (typeof sample !== 'number' || Math.abs(first + slope * length - sample) > allowed) break;
  }
  if (length === 2 && slope !== 0) return { word: `${first}`, length: 1 };
  return { word: `${first}${slope < 0 ? '' : '+'}${slope}x${length - 1}`, length };
}
