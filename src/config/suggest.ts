/** ` (did you mean …?)` with the candidate nearest to a word, or an empty string if none is near. */
export function suggest(word: string, candidates: readonly string[], dress = (name: string) => name): string {
  const name = nearest(word, candidates);
  return name === undefined ? '' : ` (did you mean ${dress(name)}?)`;
}

function nearest(word: string, candidates: readonly string[]): string | undefined {
  // A missing first or last part of a name is a likelier mistake than changed letters.
  const longer = candidates.find((name) => name.endsWith(`.${word}`) || name.startsWith(`${word}.`));
  if (longer !== undefined) return longer;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 4)) + 1;
  for (const name of candidates) {
    const changes = distance(word, name);
    if (changes < least) [best, least] = [name, changes];
  }
  return best;
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      line[column] = Math.min(
        at(line, column - 1) + 1,
        at(rows[row - 1], column) + 1,
        at(rows[row - 1], column - 1) + same,
        swapped ? at(rows[row - 2], column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    rows.push(line);
  }
  return at(rows[from.length], to.length);
}

function at(line: readonly number[] | undefined, column: number): number {
  return line?.[column] ?? Number.POSITIVE_INFINITY;
}
