/** Notes as git-ai writes them, for tests. */

interface Lines {
  /** `s1` to `s9` are sessions, `h1` a person, anything else a key that the metadata does not explain. */
  readonly [path: string]: { readonly [key: string]: string }
}

/** A note for `commit`; session `sN` has the id `session-N`. */
export function gitAiNote(commit: string, files: Lines, metadata: object = {}): string {
  const keys = new Set(Object.values(files).flatMap((entries) => Object.keys(entries)))
  const sessions = [...keys].filter((key) => /^s\d$/.test(key))
  const text = Object.entries(files).map(([path, entries]) => {
    const name = /[ \t\n]/.test(path) ? `"${path}"` : path
    return [name, ...Object.entries(entries).map(([key, ranges]) => `  ${full(key)} ${ranges}`), ''].join('\n')
  })
  const agent = (id: string): object => ({ agent_id: { tool: 'claude', id, model: 'claude-opus-4-6' } })
  const record = {
    schema_version: 'authorship/3.0.0',
    git_ai_version: '1.6.24',
    base_commit_sha: commit,
    prompts: {},
    humans: keys.has('h1') ? { [full('h1')]: { author: 'Ann <ann@example.org>' } } : {},
    sessions: Object.fromEntries(sessions.map((key) => [keyOf(key), agent(`session-${key.slice(1)}`)])),
    ...metadata,
  }
  return `${text.join('')}---\n${JSON.stringify(record, null, 2)}`
}

/** The key of a session in the metadata. */
export function keyOf(name: string): string {
  return `s_${name.slice(1).padStart(14, '0')}`
}

function full(name: string): string {
  if (/^s\d$/.test(name)) return `${keyOf(name)}::t_00000000000000`
  return name === 'h1' ? 'h_00000000000001' : name
}
