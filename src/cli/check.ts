import type { Run } from './context.ts';
import { look } from './look.ts';
import { renderCheck } from './render-check.ts';
import { renderCheckJson } from './render-check-json.ts';
import { judge } from './verdict.ts';

/** Looks at the host once, as a monitoring plugin does. */
export const check: Run = async (context) => {
  const snapshot = await look(context);
  const render = context.config.json ? renderCheckJson : renderCheck;
  context.print(render(snapshot));
  return judge(snapshot).exitCode;
};
