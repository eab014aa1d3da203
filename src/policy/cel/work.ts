/**
 * How much an expression can cost, before it is evaluated. CEL always ends, but a walk over all sessions within a walk over all sessions
 * does not end today; and time is no measure, because a verdict is the same on every machine.
 */

/** A node of the parsed expression, of which nothing but its form is known here. */
type Node = unknown

interface Form {
  /** Nodes of the whole expression. */
  readonly nodes: number
  /** Walks within walks; one that makes a list walks over what it made, too. */
  readonly degree: number
  /** Lists that are joined, so that one may be longer than any of the evidence. */
  readonly joins: number
}

/** Whether nodes stand in each other more than so many times; without a stack of its own. */
export function isDeeper(expression: Node, most: number): boolean {
  const open: (readonly [node: Node, depth: number])[] = [[expression, 0]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, above] = next
    if (typeof node !== 'object' || node === null) continue
    const depth = above + ('exprKind' in node ? 1 : 0)
    if (depth > most) return true
    for (const it of Object.values(node) as Node[]) open.push([it, depth])
  }
  return false
}

/** The form of a parsed expression. */
export function formOf(expression: Node): Form {
  let [nodes, joins] = [0, 0]
  const degreeOf = (node: Node): number => {
    if (Array.isArray(node)) return Math.max(0, ...node.map(degreeOf))
    if (typeof node !== 'object' || node === null) return 0
    const {
      exprKind,
      function: name,
      accuInit,
    } = node as {
      readonly exprKind?: unknown
      readonly function?: unknown
      readonly accuInit?: { readonly exprKind?: { readonly case?: string } }
    }
    if (exprKind !== undefined) nodes += 1
    if (name === '_+_') joins += 1
    const within = Math.max(0, ...Object.values(node).map(degreeOf))
    if (accuInit === undefined) return within
    return within + (accuInit.exprKind?.case === 'listExpr' ? 2 : 1)
  }
  const degree = degreeOf(expression)
  return { nodes, degree, joins }
}

/** Names that stand by themselves in a parsed expression. */
export function identifiersIn(expression: Node): ReadonlySet<string> {
  const names = new Set<string>()
  const walk = (node: Node): void => {
    if (typeof node !== 'object' || node === null) return
    const { case: kind, value } = node as { readonly case?: unknown; readonly value?: { readonly name?: unknown } }
    if (kind === 'identExpr' && typeof value?.name === 'string') names.add(value.name.replace(/^\./, ''))
    Object.values(node).forEach(walk)
  }
  walk(expression)
  return names
}

/** Steps that it takes at most over lists of this length. */
export function stepsOf({ nodes, degree, joins }: Form, longest: number): number {
  return nodes * Math.max(1, longest * (1 + joins), nodes) ** degree
}

/** Items in the longest list, or members of the largest object, of a document. */
export function longestIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value)
  return inner.reduce<number>((most, it) => Math.max(most, longestIn(it)), inner.length)
}
