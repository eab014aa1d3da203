/** The short way to the messages of a release: whatever is kept of them, the same tickets are told as where git is asked for each. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forEachCommit } from '../../../src/collect/git/history.ts'
import { collectTickets } from '../../../src/collect/tickets/collect-tickets.ts'
import { newMessageRoom } from '../../../src/collect/tickets/message-room.ts'
import type { MessageRoom } from '../../../src/collect/tickets/message-room.ts'
import { ticketPlace } from '../../../src/collect/tickets/place.ts'
import { mayNameTicket, ticketsInLine } from '../../../src/collect/tickets/tickets-in-line.ts'
import type { Change } from '../../../src/model/change.ts'
import { limits } from '../../../src/model/limits.ts'
import { runs } from '../../world/runs.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'

const place = ticketPlace('https://github.com/acme/widget', [
  { system: 'jira', url: 'https://acme.atlassian.net', prefixes: ['PROJ'] },
])
const gitLab = ticketPlace('https://gitlab.com/acme/widget', [])

const messages = [
  'Nothing is named here, in 12 words or 3',
  'PROJ-12 add x',
  'Add x (#7)\n\nFixes #12 and acme/other#3',
  'Überall\n\nSiehe https://acme.atlassian.net/browse/PROJ-9 – grüße',
  Buffer.from('Caf\xe9 #4 closes #5', 'latin1'),
  'Change\n\nCo-Authored-By: Claude <noreply@anthropic.com>',
  `Long\n\n${'x'.repeat(limits.commitMessageBytes)}\nFixes #12`,
  'Last\n\n    git log -1 #3\n\nRefs: PROJ-1',
]

describe('messages that were kept', () => {
  it('name the tickets that git tells', async () => {
    const scratch = scratchRepository()
    const commits = messages.map((it) => scratch.commit(it)).reverse()
    const repository = await scratch.open()
    const changes = commits.map((commit) => ({ commit, request: '#7' }) as Change)
    const texts = new Map([[commits[0] ?? '', { branch: 'fix/PROJ-77', title: 'x', text: 'Closes #8' }]])
    const told = async (room: Pick<MessageRoom, 'of'>) => {
      const { tickets, readers } = await collectTickets(repository, {
        ...{ changes, texts, place, messages: room, tracker: undefined },
      })
      return { tickets: [...tickets], readers }
    }
    const roomOf = async (most?: number) => {
      const room = newMessageRoom(most)
      await forEachCommit(
        repository,
        { since: null, until: commits[0] ?? '', paths: [] },
        ({ commit }, message, whole) => room.see(commit, message, whole),
      )
      return room
    }
    const long = await told({ of: () => undefined })
    expect(long.tickets.filter(([, it]) => it.length > 0)).toHaveLength(5)
    expect(long.readers[0]).toMatchObject({ outcome: 'could-not-look', claims: 9 })
    for (const most of [undefined, 0, 1, 30, 60, 100]) expect(await told(await roomOf(most))).toEqual(long)
    const room = await roomOf()
    expect(commits.map((it) => room.of(it)).filter((it) => it === 'quiet')).toHaveLength(2)
    expect(commits.map((it) => room.of(it)).filter((it) => it === 'cut')).toHaveLength(1)
  })

  it('are no more than there is room for', () => {
    const room = newMessageRoom(20)
    for (const [commit, text] of [
      ['a', 'Fixes #1'],
      ['b', 'nothing'],
      ['c', 'Fixes #1 and then #2'],
      ['d', 'nothing'],
    ] as const)
      room.see(commit, Buffer.from(text), true)
    expect(room.of('a')?.toString()).toBe('Fixes #1')
    expect(['b', 'c', 'd'].map((it) => room.of(it))).toEqual([undefined, undefined, undefined])
  })
})

describe('a line without the signs of a ticket', () => {
  it('names none, word by word', () => {
    const part = fc.constantFrom(
      ...['#', '&', '-', '1', '12', ' ', 'PROJ', 'GH', 'acme/widget', 'Fixes', 'refs:', '(', ')', '://', 'https:'],
      ...[
        '//acme.atlassian.net/browse/PROJ',
        '`',
        '*',
        '_',
        '.',
        '–',
        '١',
        '１',
        '%2D',
        '\u00a0',
        '>',
        'tracker-',
        '0',
      ],
    )
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }),
        fc.boolean(),
        fc.constantFrom(place, gitLab),
        (parts, isTitle, at) => {
          const line = parts.join('')
          fc.pre(!mayNameTicket(line))
          // This word names none, and with it every word is looked at.
          expect([...ticketsInLine(`${line} -1`, isTitle, at)]).toEqual([])
        },
      ),
      { numRuns: runs(2_000) },
    )
  })

  it.each([
    ['#12', place],
    ['acme&12', gitLab],
    ['PROJ-12', place],
    ['https://gitlab.com/acme/widget/issues/12', gitLab],
  ])('is not one that names %s', (name, at) => {
    expect([...ticketsInLine(`Fixes ${name}`, false, at)]).toHaveLength(1)
  })

  it('has none of them in its bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        expect(mayNameTicket(Buffer.from(text).toString('latin1'))).toBe(mayNameTicket(text))
      }),
    )
  })
})
