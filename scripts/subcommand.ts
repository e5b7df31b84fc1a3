/** What a program of several exports: its exit code, from the words of its command line. */
type Load = () => Promise<{ readonly main: (words: string[]) => Promise<number> | number }>;

/**
 * Runs the program that the first word names, or else the usual one with all words, and ends with its exit code. Only the
 * program that runs is loaded.
 */
export async function runSubcommand(usual: Load, others: Readonly<Record<string, Load>>): Promise<never> {
  const words = process.argv.slice(2);
  const named = others[words[0] ?? ''];
  const { main } = await (named ?? usual)();
  process.exit(await main(named === undefined ? words : words.slice(1)));
}
