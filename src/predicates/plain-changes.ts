/**
 * Most changes of a release have the same few members, and a statement has up to ten thousand of them: of such one it is told here, member by
 * member and without a copy, that it has the shape of the schema. Of whatever else stands in one, the schema is asked.
 */

type Test = (value: unknown) => boolean

const isText: Test = (value) => typeof value === 'string' && value.length <= 8_192
const isNumber: Test = (value) => typeof value === 'number' && Number.isFinite(value)
const isAmount: Test = (value) => isNumber(value) && (value as number) >= 0
const isCommit: Test = (value) => typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)
const isPerson: Test = (value) => typeof value === 'string' && /^hmac-sha256:[0-9a-f]{64}$/.test(value)

interface Member {
  readonly is: Test
  readonly isNeeded?: true
}

/** An object with all that it needs, and nothing that is not listed. */
function shape(members: { readonly [name: string]: Member }): Test {
  const known = new Map(Object.entries(members))
  const needed = [...known].filter(([, { isNeeded }]) => isNeeded === true).map(([name]) => name)
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    const given = value as { readonly [name: string]: unknown }
    for (const name of Object.keys(given)) if (known.get(name)?.is(given[name]) !== true) return false
    return needed.every((name) => Object.hasOwn(given, name))
  }
}

const every =
  (is: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(is)

const amounts = {
  ai: { is: isAmount, isNeeded: true },
  human: { is: isAmount, isNeeded: true },
  unknown: { is: isAmount, isNeeded: true },
  generated: { is: isAmount },
} as const

/** Whether it surely is a change as the schema wants it. */
export const isPlainChange = shape({
  commit: { is: isCommit, isNeeded: true },
  tree: { is: isCommit },
  parents: { is: every(isCommit) },
  author: { is: isPerson },
  committer: { is: isPerson },
  pullRequest: { is: isText },
  // Of any ticket there is more to say; that there is none stands in most changes.
  tickets: { is: (value) => Array.isArray(value) && value.length === 0 },
  sessions: {
    is: every(
      shape({
        uri: { is: isText, isNeeded: true },
        role: { is: isText },
        requester: { is: isPerson },
        linkage: { is: isText },
        lines: { is: isNumber },
      }),
    ),
  },
  lines: { is: shape(amounts) },
  files: {
    is: every(
      shape({
        path: { is: isText, isNeeded: true },
        ...amounts,
        sessions: {
          is: every(shape({ uri: { is: isText, isNeeded: true }, lines: { is: isNumber, isNeeded: true } })),
        },
      }),
    ),
  },
})
