import { late, within } from './within.ts';

/** Whether a promise settles within a time. */
export async function settled(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return (await within(promise, ms)) !== late;
}
