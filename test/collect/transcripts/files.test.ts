/** A session in the files of a folder. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTranscriptFolder } from '../../../src/collect/transcripts/read-files.ts'
import { limits } from '../../../src/model/limits.ts'
import type { ReadTranscript } from '../../../src/model/transcript.ts'
import { madeFolder } from './samples/made-database.ts'
import { opencodeMessages, opencodeParts } from './samples/opencode.ts'

describe('opencode-files', () => {
  const files: readonly (readonly [string, object])[] = [
    ['session/prj/ses-1.json', { id: 'ses-1', version: '1.0.4', parentID: 'ses-0' }],
    ...opencodeMessages.map(([id, it]) => [`message/ses-1/${id}.json`, { id, sessionID: 'ses-1', ...it }] as const),
    ...opencodeParts.map(([id, of, it]) => [`part/${of}/${id}.json`, { id, messageID: of, ...it }] as const),
  ]
  const names = files.map(([name]) => name)

  function storage(): string {
    const folder = madeFolder()
    for (const [name, json] of files) {
      mkdirSync(join(folder, dirname(name)), { recursive: true })
      writeFileSync(join(folder, name), JSON.stringify(json))
    }
    return folder
  }

  test('what a sample tells, in whatever order its files are named', async () => {
    const folder = storage()
    const [first, ...more] = await readTranscriptFolder(folder, names)
    expect(more).toEqual([])
    expect(first?.files).toHaveLength(names.length)
    expect(first?.read).toMatchObject({
      transcripts: [
        {
          format: 'opencode-files',
          session: { tool: 'opencode', session: 'ses-1', parent: 'ses-0', toolVersions: ['1.0.4'], turns: 0 },
          problems: [],
        },
      ],
    })
    const [again] = await readTranscriptFolder(folder, [...names].reverse())
    expect(digests(again?.read)).toEqual(digests(first?.read))
  })

  function digests(read: object | undefined): readonly string[] {
    return ((read ?? {}) as { transcripts?: readonly ReadTranscript[] }).transcripts?.map((it) => it.digest) ?? []
  }

  test('links out of the folder are not followed, and what is no JSON is told', async () => {
    const folder = storage()
    const elsewhere = storage()
    writeFileSync(join(folder, 'part/msg-1/prt-9.json'), '{"half')
    symlinkSync(join(elsewhere, 'part/msg-1/prt-1.json'), join(folder, 'part/msg-1/prt-8.json'))
    symlinkSync(join(elsewhere, 'message/ses-1'), join(folder, 'message/ses-2'))
    const read = await readTranscriptFolder(folder, [
      ...names,
      'part/msg-1/prt-9.json',
      'part/msg-1/prt-8.json',
      'message/ses-2/msg-1.json',
      '../message/ses-3/msg-1.json',
    ])
    expect(read.map((it) => it.name)).toEqual(['ses-1', 'ses-2'])
    expect(read[0]?.read).toMatchObject({
      transcripts: [{ problems: [{ code: 'transcript-row-broken' }, { code: 'transcript-incomplete' }] }],
    })
    expect(read[1]?.read).toEqual({ transcripts: [] })
  })

  test('a session is bounded', async () => {
    const bounds = { ...limits, transcriptBytes: 200 }
    const [first] = await readTranscriptFolder(storage(), names, { bounds })
    expect(first?.read).toMatchObject({ problem: { code: 'transcript-too-large' } })
  })
})
