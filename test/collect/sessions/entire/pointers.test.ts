import { expect, test } from 'vitest'
import { checkpointId, readPointers } from '../../../../src/collect/sessions/entire/pointers.ts'

test('pointers stand in any paragraph, several and in squash bodies, each once', () => {
  const message = [
    'Merge (#1)\n\n* one\n\nEntire-Checkpoint: 7b9d8e75f733\n\n* two\n\n  entire-checkpoint: 7B9D8E75F733, 0123456789ab',
    '',
    'Entire-Checkpoint: 01KAZ3NDEKTSV4RRFFQ69G5FAV',
    'Co-authored-by: Ann <ann@example.org>',
  ].join('\n')
  expect(readPointers(message)).toEqual({
    ids: ['7b9d8e75f733', '0123456789ab', '01KAZ3NDEKTSV4RRFFQ69G5FAV'],
    invalid: 0,
  })
})

test.each([
  ['between fences', '```\nEntire-Checkpoint: 7b9d8e75f733\n```'],
  ['in code', 'Like this:\n\n    Entire-Checkpoint: 7b9d8e75f733'],
  ['in a sentence', 'The trailer Entire-Checkpoint: 7b9d8e75f733 is ours'],
  ['under another name', 'My-Entire-Checkpoint: 7b9d8e75f733'],
])('what stands %s is none', (_, text) => {
  expect(readPointers(`subject\n\n${text}`)).toEqual({ ids: [], invalid: 0 })
})

test('other values are counted, and never given', () => {
  expect(readPointers('s\n\nEntire-Checkpoint: ../../../x 7b9d8e75f7331 <id> 81KAZ3NDEKTSV4RRFFQ69G5FAV')).toEqual({
    ids: [],
    invalid: 4,
  })
  expect(readPointers('s\n\nEntire-Checkpoint:')).toEqual({ ids: [], invalid: 0 })
})

test.each(['I', 'L', 'O', 'U', '/', '.'])('an id with %s is none', (sign) => {
  expect(checkpointId(`01KAZ3NDEKTSV4RRFFQ69G5FA${sign}`)).toBeUndefined()
})
