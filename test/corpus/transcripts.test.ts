/** Real transcripts of many tools: each is one, of its own format, and what is not is told apart. */
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { placedFiles } from '../../src/collect/transcripts/find-transcripts.ts'
import { readTranscriptFolder } from '../../src/collect/transcripts/read-files.ts'
import { readTranscriptFile } from '../../src/collect/transcripts/read-transcript.ts'

const folder = fileURLToPath(new URL('../../../shared/corpus/ai/', import.meta.url))
/** What lies beside transcripts. */
const besides =
  /^(?:content_hash\.txt|context\.md|metadata\.json|prompt\.txt|workspace\.json|models\.json|droid-session\.settings\.json|ai-coding-session.*\.json|(?:commit-messages|git-ai-notes)\.jsonl)$/

it('every transcript is read', async () => {
  const formats = new Map<string, number>()
  const unknown: string[] = []
  const problems: string[] = []
  const around = { cwd: folder, env: {}, platform: 'linux', home: '/nowhere' } as const
  for await (const { path, name, files } of placedFiles({ named: [folder], areOwn: false }, around)) {
    const read =
      files === undefined ? await readTranscriptFile(path, name) : (await readTranscriptFolder(path, files))[0]?.read
    if (read === undefined) unknown.push(basename(name))
    else if ('problem' in read) problems.push(read.problem.code)
    else {
      for (const it of read.transcripts) {
        formats.set(it.format, (formats.get(it.format) ?? 0) + 1)
        problems.push(...it.problems.map(({ code }) => code))
        expect(it.session.models.join()).not.toContain('<')
      }
    }
  }
  expect(unknown.filter((it) => !besides.test(it))).toEqual([])
  expect(Object.fromEntries([...formats].sort())).toMatchObject({
    ...{ aider: 2, amp: 2, 'claude-code': 8, codex: 3, 'continue-dev': 1, cursor: 1, droid: 1, gemini: 1, kiro: 1 },
    ...{ 'gemini-document': 3, opencode: 1, 'opencode-files': 1, pi: 3, specstory: 2, windsurf: 1 },
  })
  expect(new Set(problems)).toEqual(
    new Set(['transcript-session-missing', 'transcript-session-unclear', 'transcript-row-broken']),
  )
})
