/** One short page a release, to be kept beside the code: counts, ids and digests, and no text of any session. */
import type { ReasoningLog } from '../../model/reasoning-log.ts'
import { unsteering } from '../../one-line.ts'
import { code, escaped } from '../html-text.ts'

/** What the file is called: of the end of the release, as far as a file can be called that. */
export function summaryFileName(name: string): string {
  const plain = name
    .split('/')
    .slice(-1)
    .join('')
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[.-]+/, '')
  return `${plain.slice(0, 100) || 'release'}.md`
}

/** `digest`: SHA-256 of the Markdown of the log. */
export function reasoningSummary(log: ReasoningLog, digest: string): string {
  const prompts = log.sessions.flatMap((it) => it.entries).filter((it) => it.kind === 'prompt' && !it.undone).length
  const rows = log.sessions.map(({ tool, id, level, models, digest: record, record: state }) => {
    const cells = [`${tool}:${id ?? '-'}`, level, models.join(', '), record ?? '-', state]
    return `| ${cells.map((it) => (it === '' || it === '-' ? '-' : code(unsteering(it)))).join(' | ')} |`
  })
  return [
    `# Provenance of ${escaped(unsteering(log.of.name))}`,
    `${log.changes.length} changes name ${log.sessions.length} sessions; ${prompts} questions stand in the log, whose digest is ${code(`sha256:${digest}`)}.`,
    ['| session | level | models | record | found |', '| --- | --- | --- | --- | --- |', ...rows].join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}
