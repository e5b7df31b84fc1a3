import ts from 'typescript';

/** The file with everything but its comments and the names of its tests blanked out, so that lines keep their numbers. */
export function proseIn(code: string): string {
  const file = ts.createSourceFile('file.ts', code, ts.ScriptTarget.Latest, true);
  const ranges: ts.TextRange[] = [];
  const visit = (node: ts.Node): void => {
    if (isTestCall(node)) ranges.push(node.arguments[0]);
    const start = node.getFullStart();
    ranges.push(...(ts.getLeadingCommentRanges(code, start) ?? []));
    ranges.push(...(ts.getTrailingCommentRanges(code, start) ?? []));
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return keep(code, ranges);
}

/** `it('…', …)`, `describeWith('promtool')('…', …)`, `it.each(table)('…', …)`. */
function isTestCall(node: ts.Node): node is ts.CallExpression & { arguments: readonly [ts.StringLiteral] } {
  if (!ts.isCallExpression(node) || !/^(?:it|test|describe)(?:With)?\b/.test(node.expression.getText()))
    return false;
  const [name] = node.arguments;
  return name !== undefined && ts.isStringLiteralLike(name);
}

function keep(code: string, ranges: readonly ts.TextRange[]): string {
  const kept = [...code.replaceAll(/[^\n]/g, ' ')];
  for (const { pos, end } of ranges) for (let at = pos; at < end; at += 1) kept[at] = code[at] ?? '';
  return kept.join('');
}
