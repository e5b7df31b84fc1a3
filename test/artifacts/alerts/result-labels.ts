import type { SyntaxNode } from '@lezer/common';
import { parseExpr } from './promql.ts';

type Labels = ReadonlySet<string>;
/** Labels of a metric, by its name. */
export type LabelsOf = (metric: string) => readonly string[];

/** The labels that a series in the result of an expression can have. */
export function resultLabels(expr: string, labelsOf: LabelsOf): Labels {
  const root = parseExpr(expr).topNode.firstChild;
  if (root === null) throw new Error(`nothing in ${expr}`);
  return labels(root);

  function labels(node: SyntaxNode): Labels {
    switch (node.name) {
      case 'VectorSelector':
        return new Set(labelsOf(text(child(node, 'Identifier'))));
      case 'AggregateExpr':
        return aggregated(node);
      case 'BinaryExpr':
        return binary(node);
      case 'FunctionCall': {
        const name = text(child(node, 'FunctionIdentifier'));
        if (name === 'absent' || name === 'time') return new Set();
        const body = child(node, 'FunctionCallBody');
        if (name === 'histogram_quantile' && body.lastChild !== null)
          return new Set([...labels(body.lastChild)].filter((label) => label !== 'le'));
        const of = body.firstChild === null ? new Set<string>() : labels(body.firstChild);
        if (name !== 'label_replace') return of;
        const [made] = body.getChildren('StringLiteral');
        return made === undefined ? of : new Set([...of, text(made).slice(1, -1)]);
      }
      case 'MatrixSelector':
      case 'SubqueryExpr':
      case 'OffsetExpr':
      case 'ParenExpr':
        return node.firstChild === null ? new Set() : labels(node.firstChild);
      case 'NumberDurationLiteral':
      case 'UnaryExpr':
        return new Set();
      default:
        throw new Error(`${node.name} is not known here: ${text(node)}`);
    }
  }

  function aggregated(node: SyntaxNode): Labels {
    const operand = child(node, 'FunctionCallBody').lastChild;
    const of = operand === null ? new Set<string>() : labels(operand);
    const modifier = node.getChild('AggregateModifier');
    // These choose series, and leave them as they are.
    const chooses = ['Topk', 'Bottomk'].some((name) => node.getChild('AggregateOp')?.getChild(name));
    if (chooses && modifier === null) return of;
    if (modifier === null) return new Set();
    const named = names(modifier);
    const isBy = modifier.getChild('By') !== null;
    return new Set([...of].filter((label) => named.includes(label) === isBy));
  }

  function binary(node: SyntaxNode): Labels {
    const [left, right] = [node.firstChild, node.lastChild].map((side) =>
      side === null ? new Set<string>() : labels(side),
    ) as [Labels, Labels];
    if (node.getChild('Or') !== null) return new Set([...left, ...right]);
    const clause = node.getChild('MatchingModifierClause');
    const isArithmetic = ['Add', 'Sub', 'Mul', 'Div'].some((name) => node.getChild(name) !== null);
    const isJoin = left.size > 0 && right.size > 0 && isArithmetic;
    if (!isJoin || clause === null) return left.size > 0 ? left : right;
    const isRight = clause.getChild('GroupRight') !== null;
    if (isRight || clause.getChild('GroupLeft') !== null) {
      const included = clause.getChildren('GroupingLabels').at(-1);
      const isOnly = clause.getChildren('GroupingLabels').length < 2;
      return new Set([
        ...(isRight ? right : left),
        ...(isOnly || included === undefined ? [] : namesIn(included)),
      ]);
    }
    const isOn = clause.getChild('On') !== null;
    const named = names(clause);
    return new Set([...left].filter((label) => named.includes(label) === isOn));
  }

  function names(node: SyntaxNode): string[] {
    const labels = node.getChild('GroupingLabels');
    return labels === null ? [] : namesIn(labels);
  }

  function namesIn(grouping: SyntaxNode): string[] {
    return grouping.getChildren('LabelName').map(text);
  }

  function text({ from, to }: SyntaxNode): string {
    return expr.slice(from, to);
  }
}

function child(node: SyntaxNode, name: string): SyntaxNode {
  const found = node.getChild(name);
  if (found === null) throw new Error(`${node.name} without ${name}`);
  return found;
}
