/** Real AI records through the readers: everything is read or named as unreadable, and nothing is made up. */
import { describe, expect, it } from 'vitest'
import { resolveRange } from '../../src/collect/git/history.ts'
import { collectSessions } from '../../src/collect/sessions/index.ts'
import { entireCheckpoint } from '../../src/collect/sessions/readers/entire-checkpoint.ts'
import { readMessageClaims } from '../../src/collect/sessions/messages/commit-message.ts'
import { parseNote } from '../../src/collect/sessions/git-ai/note-format.ts'
import { storeOnBranch } from '../world/entire-checkpoint.ts'
import { scratchRepository } from '../world/scratch-repository.ts'
import { aiFiles, aiRecords } from './corpus.ts'

interface NoteRecord {
  readonly commit: string
  readonly commitExists: boolean
  readonly note: string
}

interface MessageRecord {
  readonly commit: string
  readonly message: string
}

const notes = aiRecords('git-ai-notes.jsonl') as readonly NoteRecord[]
const messages = aiRecords('commit-messages.jsonl') as readonly MessageRecord[]
const slug = /^[a-z0-9][a-z0-9._-]*$/

describe('git-ai notes', () => {
  it.each(notes.map((it) => [it.commit, it] as const))('the note of %s', (_, { note }) => {
    const parsed = parseNote(Buffer.from(note))
    if ('malformed' in parsed) {
      expect(parsed.malformed).not.toBe('')
      return
    }
    expect(parsed.baseCommit).toMatch(/^[0-9a-f]{40}$|^$/)
    for (const entries of parsed.files.values()) {
      for (const { ranges } of entries) expect(ranges.length % 2).toBe(0)
    }
    for (const agent of parsed.agents.values()) expect(agent.tool).not.toBe('')
  })

  it('are nearly all read', () => {
    const readable = notes.filter(({ note }) => !('malformed' in parseNote(Buffer.from(note))))
    expect(readable.length / notes.length).toBeGreaterThan(0.95)
  })
})

describe('commit messages', () => {
  it.each(messages.map((it) => [it.commit, it] as const))('the message of %s', (_, { message }) => {
    const { mentions } = readMessageClaims(message)
    for (const { tool, session, models } of mentions) {
      expect(tool).toMatch(slug)
      if (session !== undefined) expect(session.trim()).not.toBe('')
      for (const model of models) expect(model).not.toBe('')
    }
    const named = mentions.map(({ tool, session }) => `${tool} ${session ?? ''}`)
    expect(new Set(named).size).toBe(named.length)
  })

  it('each name a tool, but for those with nothing but a pointer of Entire', () => {
    const silent = messages.filter(({ message }) => readMessageClaims(message).mentions.length === 0)
    expect(silent.filter(({ message }) => !/^Entire-Checkpoint: [0-9a-f]{12}$/m.test(message))).toEqual([])
    expect(silent.length / messages.length).toBeLessThan(0.1)
  })
})

describe('checkpoints of Entire', () => {
  it('are each resolved, or a finding tells why not', async () => {
    const scratch = scratchRepository()
    const checkpoints = Map.groupBy(aiFiles('entire-checkpoints'), ({ path }) => path.split('/').slice(0, 2).join(''))
    expect(checkpoints.size).toBeGreaterThan(2)
    const idOf = new Map<string, string>()
    for (const [id, files] of checkpoints) {
      storeOnBranch(
        scratch,
        id,
        Object.fromEntries(files.map((it) => [it.path.split('/').slice(2).join('/'), it.bytes])),
      )
      idOf.set(scratch.commit(`change\n\nEntire-Checkpoint: ${id}`), id)
    }
    const repository = await scratch.open()
    const range = await resolveRange(repository, { allowShallow: 'refuse' })
    const { sessions, findings } = await collectSessions(repository, range, [entireCheckpoint])
    for (const [commit, id] of idOf) {
      const recorded = sessions.filter((it) => it.level === 'recorded' && it.commits.includes(commit))
      const told = findings.filter((it) => it.commit === commit)
      expect(recorded.length + told.length, id).toBeGreaterThan(0)
    }
    for (const { tool, id, models } of sessions) {
      expect(tool).toMatch(slug)
      expect(id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      for (const model of models) expect(model).toMatch(/^[a-z0-9.-]+$/)
    }
  })
})
