/** What git takes for a name (git check-ref-format, git hash-object). */

/** Whether this can be a whole ref: `refs/heads/main`, `refs/pull/1/merge`. */
export function isRefName(text: string): boolean {
  const [root, ...names] = text.split('/')
  return (
    root === 'refs' &&
    names.length > 0 &&
    names.every((it) => it !== '' && !it.startsWith('.') && !it.endsWith('.lock')) &&
    !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\.$/.test(text)
  )
}

/** The same for a glob of refs, in which no wildcard can stand for what would be missing or forbidden. */
export function isRefPattern(text: string): boolean {
  return isRefName(text.replaceAll('*', 'x'))
}

/** Whether this can be the short name of a tag: `v1.2.0`, without `refs/tags/`. */
export function isTagName(text: string): boolean {
  return !/^(?:refs\/|-)/.test(text) && isRefName(`refs/tags/${text}`)
}

/** A full id, SHA-1 or SHA-256, as git prints it. */
export function isCommitId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}
