import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** An expression as a tree. Throws on what does not parse. */
export function parseExpr(expr: string): Tree {
  const tree = parser.parse(expr);
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expr.slice(from, to + 20)}\n${expr}`);
    },
  });
  return tree;
}

/** Nodes of these kinds, in their order. */
export function nodesOf(expr: string, ...kinds: readonly string[]): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  parseExpr(expr).iterate({
    enter: ({ name, node }) => {
      if (kinds.includes(name)) found.push(node);
    },
  });
  return found;
}

export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
  /** By label, what it is compared with. */
  readonly values: Readonly<Record<string, string>>;
}

export function selectorsOf(expr: string): Selector[] {
  return nodesOf(expr, 'VectorSelector').map((node) => {
    const textOf = (child: SyntaxNode | null): string => (child ? expr.slice(child.from, child.to) : '');
    const values: Record<string, string> = {};
    node.cursor().iterate(({ name, node: inner }) => {
      if (name === 'UnquotedLabelMatcher')
        values[textOf(inner.getChild('LabelName'))] = textOf(inner.getChild('StringLiteral')).slice(1, -1);
    });
    return { metric: textOf(node.getChild('Identifier')), labels: Object.keys(values), values };
  });
}
