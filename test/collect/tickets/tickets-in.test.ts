/** Which tickets a change names, and what only looks like one. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfigBytes } from '../../../src/collect/config/config-bytes.ts'
import { ticketPlace } from '../../../src/collect/tickets/place.ts'
import type { TicketPlace } from '../../../src/collect/tickets/place.ts'
import { ticketsIn } from '../../../src/collect/tickets/tickets-in.ts'
import type { TicketText } from '../../../src/collect/tickets/tickets-in.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import { limits } from '../../../src/model/limits.ts'
import { growth, nearlyLinear } from '../../world/cpu-time.ts'
import { hostile, steersIn } from '../../world/hostile-text.ts'
import { runs } from '../../world/runs.ts'

const { trackers } = readConfigBytes(
  Buffer.from(`version: 1
trackers:
  - { system: jira, url: https://acme.atlassian.net, prefixes: [PROJ, W] }
  - { system: linear, url: https://linear.app/acme, prefixes: [ENG] }
  - { system: gitlab, url: https://git.acme.example/code }
`),
)

const gitHub = ticketPlace('https://github.com/acme/widget', trackers)
const gitLab = ticketPlace('https://gitlab.com/acme/tools/widget.git', trackers)
const bitbucket = ticketPlace('git@bitbucket.org:acme/widget.git', trackers)
const plain = ticketPlace('https://github.com/acme/widget', [])

const textOf = (text: string, said: TicketText['said'] = 'commit'): TicketText => ({
  ...{ said, text },
  sha256: sha256Hex(Buffer.from(text)),
})

/** `relation key`, or only the key. */
function keysIn(text: string, place: TicketPlace, said?: TicketText['said']): string[] {
  return ticketsIn([textOf(text, said)], place).tickets.map(({ key, relation }) =>
    relation === undefined ? key : `${relation} ${key}`,
  )
}

describe('a ticket', () => {
  it.each<[string, TicketPlace, string, readonly string[]]>([
    // Jira.
    ['a key of a known prefix', gitHub, 'PROJ-12 add x', ['PROJ-12']],
    ['one behind the kind of a change', gitHub, 'fix: PROJ-12 add x', ['fix PROJ-12']],
    ['one as the scope of a change', gitHub, 'feat(PROJ-12): add x', ['PROJ-12']],
    ['one in brackets', gitHub, '[PROJ-12] add x', ['PROJ-12']],
    ['one with a colon behind it', gitHub, 'PROJ-12: add x', ['PROJ-12']],
    ['one at the end of a sentence', gitHub, 'Add x\n\nThis is what PROJ-12. wants', ['PROJ-12']],
    ['one with emphasis', gitHub, 'Add x\n\n**PROJ-12** wants it', ['PROJ-12']],
    ['one that something belongs to', gitHub, "Do PROJ-12's second half", ['PROJ-12']],
    ['a prefix of one letter that was named', gitHub, 'W-3 add x', ['W-3']],
    ['several', gitHub, 'PROJ-1, PROJ-2: add x', ['PROJ-1', 'PROJ-2']],
    ['the same twice', gitHub, 'PROJ-1 add x\n\nPROJ-1', ['PROJ-1']],
    ['a footer', plain, 'Add x\n\nRefs: PROJ-12', ['refs PROJ-12']],
    [
      'a footer with several',
      plain,
      'Add x\n\nRefs: PROJ-12, PROJ-13 and OPS-1',
      ['refs PROJ-12', 'refs PROJ-13', 'refs OPS-1'],
    ],
    ['a footer that is called Jira', plain, 'Add x\n\nJira: PROJ-12', ['jira PROJ-12']],
    ['a footer that is called Ticket', plain, 'Add x\n\nTicket: PROJ-12', ['ticket PROJ-12']],
    ['a footer of a list', plain, 'Add x\n\n- Refs: PROJ-12', ['refs PROJ-12']],
    ['a key in lower case with prefix and relation', gitHub, 'Add x, fixes eng-7', ['fixes ENG-7']],
    ['the page of a key', plain, 'See https://acme.atlassian.net/browse/PROJ-12.', ['see PROJ-12']],
    ['the page of a key below a folder', plain, 'x\n\nhttps://issues.example.org/jira/browse/KAFKA-9', ['KAFKA-9']],
    [
      'a board with it open',
      plain,
      'x https://acme.atlassian.net/jira/software/projects/P/boards/1?selectedIssue=P-2',
      ['P-2'],
    ],
    ['a key in a link', gitHub, 'x\n\n[PROJ-12](https://acme.atlassian.net/browse/PROJ-12)', ['PROJ-12']],
    ['of the branch that was merged', gitHub, "Merge branch 'feature/PROJ-123-x' into main", ['PROJ-123']],
    // Linear.
    ['Linear’s words', plain, 'Add x\n\nFixes ENG-1', ['fixes ENG-1']],
    ['Linear’s, of two words', plain, 'Add x\n\nPart of ENG-1', ['part of ENG-1']],
    ['Linear’s, that link', plain, 'Add x\n\nContributes to ENG-1', ['contributes to ENG-1']],
    ['a page of Linear', plain, 'x https://linear.app/acme/issue/ENG-12/add-the-secret-title', ['ENG-12']],
    ['a team with a digit', plain, 'Closes V2-1161', ['closes V2-1161']],
    // GitHub.
    ['a number', gitHub, 'Add x\n\nFor #12', ['acme/widget#12']],
    ['a number that it closes', gitHub, 'Add x\n\nCloses #12.', ['closes acme/widget#12']],
    ['one behind a colon', gitHub, 'Add x\n\nFixes: #12', ['fixes acme/widget#12']],
    ['one in a title', gitHub, 'Fix #12: add x', ['fix acme/widget#12']],
    ['one in the brackets of a title', gitHub, 'Add x (closes #12)', ['closes acme/widget#12']],
    ['several numbers', gitHub, 'x\n\nResolves #1, #2 and #3', [1, 2, 3].map((it) => `resolves acme/widget#${it}`)],
    ['one beside a request', gitHub, 'Add x (#34)\n\nFixes #12', ['fixes acme/widget#12']],
    ['another repository', gitHub, 'x\n\nFixes acme/next.js#7', ['fixes acme/next.js#7']],
    ['GH-12', gitHub, 'x\n\nRefs GH-12', ['refs acme/widget#12']],
    ['a page of GitHub', gitHub, 'x https://github.com/acme/widget/issues/12#issuecomment-9', ['acme/widget#12']],
    [
      'a page and its number',
      gitHub,
      'Fixes #12\n\nhttps://github.com/acme/widget/issues/12',
      ['fixes acme/widget#12'],
    ],
    ['the page of another repository in a link', gitHub, 'x\n\n[#5](https://github.com/o/r/issues/5)', ['o/r#5']],
    ['one behind a stray fence', gitHub, 'x\n\n```\nFixes #12', ['fixes acme/widget#12']],
    ['one behind a stray quote', gitHub, 'x\n\n<blockquote>\nFixes #12', ['fixes acme/widget#12']],
    ['one behind a stray comment', gitHub, 'x\n\n<!-- a\nFixes #12', ['fixes acme/widget#12']],
    ['a number as the scope of a change', gitHub, 'fix(#12): add x', ['fix acme/widget#12']],
    ['one between signs of another script', gitHub, '修复 #12，关闭 #13。', ['acme/widget#12', 'acme/widget#13']],
    ['one with a dash behind it', gitHub, 'PROJ-12—add x', ['PROJ-12']],
    // GitLab.
    [
      'an issue with its title',
      gitLab,
      'x\n\nCloses #12+ and #13+s',
      ['closes acme/tools/widget#12', 'closes acme/tools/widget#13'],
    ],
    ['an issue of GitLab', gitLab, 'x\n\nCloses #12', ['closes acme/tools/widget#12']],
    ['one beside', gitLab, 'x\n\nCloses other#12', ['closes acme/tools/other#12']],
    ['one of another group', gitLab, 'x\n\nImplements a/b/c#12', ['implements a/b/c#12']],
    ['an epic', gitLab, 'x\n\nPart of &12', ['part of acme/tools&12']],
    ['an epic of another group', gitLab, 'x\n\nRelated to ops&12', ['related to ops&12']],
    ['a page of GitLab', gitLab, 'x https://gitlab.com/acme/tools/widget/-/issues/12', ['acme/tools/widget#12']],
    ['the page of a work item', gitLab, 'x https://gitlab.com/acme/w/-/work_items/12', ['acme/w#12']],
    ['the page of an epic', gitLab, 'x https://gitlab.com/groups/acme/tools/-/epics/3', ['acme/tools&3']],
    ['a page of one’s own GitLab', gitHub, 'x https://git.acme.example/code/a/b/-/issues/3', ['a/b#3']],
    ['a page of a GitLab that nobody named', plain, 'x https://git.example.org/a/b/-/issues/3', ['a/b#3']],
    // Bitbucket.
    ['an issue of Bitbucket', bitbucket, 'x\n\nFixes #12', ['fixes acme/widget#12']],
    ['a page of Bitbucket', bitbucket, 'x https://bitbucket.org/acme/widget/issues/12/the-title', ['acme/widget#12']],
    ['a key beside its request', bitbucket, 'Merged in x (pull request #9)\n\nPROJ-12', ['PROJ-12']],
  ])('is %s', (_, place, text, keys) => {
    expect(keysIn(text, place)).toEqual(keys)
  })

  it.each<[string, TicketPlace, string]>([
    ...[
      'UTF-8',
      'SHA-256',
      'ISO-8601',
      'RFC-7515',
      'CVE-2024-1234',
      'GHSA-abcd-1234-efgh',
      'X86-64',
      'COVID-19',
      'H-264',
    ].map((it): [string, TicketPlace, string] => [it, gitHub, `Fixes ${it} names`]),
    ...[
      'ES-2022',
      'GPT-4',
      'V-2',
      'RC-1',
      'IPV-6',
      'AES-256',
      'PEP-8',
      'TLS-1',
      'HTTP-2',
      'LATIN-1',
      'RUSTSEC-2024-0001',
    ].map((it): [string, TicketPlace, string] => [it, gitHub, `x\n\nFixes: ${it}`]),
    ['a key that nobody knows', plain, 'PROJ-12 add x'],
    ['one in brackets', plain, '[PROJ-12] add x'],
    ['one that is the subject of a fix', plain, 'fix: PROJ-12 add x'],
    ['one that is only seen', plain, 'x\n\nsee ABC-12'],
    ['one in lower case', plain, 'fixes proj-12'],
    ['a known one in lower case', gitHub, 'the proj-12 thing'],
    ['a known one with more behind it', gitHub, 'PROJ-12-13 PROJ-12a PROJ-12_b PROJ-1.2'],
    ['a known one within a word', gitHub, 'XPROJ-12 x-PROJ-12 a/PROJ-12 PROJ-12/x'],
    ['a key with zeros', gitHub, 'PROJ-0 PROJ-012'],
    ['a tag', gitHub, 'Release v1-2, widget-1.2.3 and V1-0'],
    ['a digest', gitHub, 'x\n\nFixes 8ad8757baa8564dc136c1e07507f4a98 and DEADBEEF-12x'],
    ['the request of a squash', gitHub, 'Add x (#12)'],
    ['the request of a squash that was ported', gitHub, 'Add x (#12) (#34)'],
    ['the requests of commits in a squash', gitHub, 'Add x (#12)\n\n* Add y (#10)\n* Add z (#11)'],
    ['the request of a merge', gitHub, 'Merge pull request #12 from acme/feature'],
    ['the request of Bitbucket', bitbucket, 'Merged in feature (pull request #12)'],
    ['the request of GitLab', gitLab, "Merge branch 'x' into 'main'\n\nSee merge request acme/tools/widget!12"],
    ['requests of bors', gitHub, 'Merge #12 #13\n\nAuto merge of #14 - ann:x'],
    ['the request of a revert on its page', gitHub, 'x\n\nReverts acme/widget#12'],
    ['the request of a backport', gitHub, 'x\n\nCherry-picked from acme/widget#12, backport of #11'],
    ['a title in the body of a squash', gitHub, 'x (#13)\n\nfeat(cli): add y (#12)'],
    ['a standard with such a sign', gitHub, 'x\n\nsmart-card/PKCS#11 and C#12'],
    ['a language, where one part is a name', gitLab, 'x\n\nin C#12 and PKCS#11'],
    ['a request in words', gitHub, 'x\n\nAs in PR #12 and pull request #13'],
    ['the page of a request', gitHub, 'x https://github.com/acme/widget/pull/12'],
    ['the page of a merge request', gitLab, 'x https://gitlab.com/acme/w/-/merge_requests/12'],
    ['the request of a revert', gitHub, 'Revert "Fix PROJ-12 (#12)" (#13)'],
    ['code', gitHub, 'x\n\n```\nFixes #12, PROJ-12\n```'],
    ['indented code', gitHub, 'x\n\n    Fixes #12, PROJ-12\n'],
    ['code in a line', gitHub, 'x\n\nParses `Fixes #12` and ``PROJ-12``'],
    ['a quoted line', gitHub, 'x\n\n> Fixes #12, PROJ-12'],
    ['quoted words', gitHub, 'x\n\nSays "fixes #12" and “PROJ-12”'],
    ['a quoted changelog', gitHub, 'x\n\n<blockquote>\nFixes #12\n</blockquote>'],
    ['a comment of a template', gitHub, 'x\n\n<!-- Fixes #12 --> and <!--\nPROJ-12\n-->'],
    ['the fragment of an address', gitHub, 'x https://example.org/a/b#12 https://example.org/PROJ-12'],
    ['an address without a scheme', gitHub, 'x example.org/a#12 docs/forms.md#12'],
    ['an anchor', gitHub, 'x a/b#L12 #section-1 page#12'],
    ['an entity', gitHub, 'x &#123; and &12'],
    ['a colour', gitHub, 'x\n\ncolor: #333, #000000 #fff'],
    ['a number of something else', gitHub, 'x\n\nstep #1, build #22'],
    ['a descriptor', gitLab, 'run 2>&1 a&&b x &amp; y'],
    ['a co-author', gitHub, 'x\n\nCo-authored-by: PROJ-12 <12+proj-12@users.noreply.github.com>'],
    ['a sign-off', gitHub, 'x\n\nSigned-off-by: Ann PROJ-12 <ann@example.org>'],
    ['an address of e-mail', gitHub, 'x\n\nAsk PROJ-12@example.org or @PROJ-12'],
    ['a session', gitHub, 'x\n\nClaude-Session: PROJ-12\nAI-Session-ID: #12\n  PROJ-13'],
    ['a footer of an agent', gitHub, 'x\n\n🤖 Generated with [PROJ-12](https://acme.atlassian.net/browse/PROJ-12)'],
    ['a change of Gerrit', gitHub, 'x\n\nChange-Id: PROJ-12'],
    ['a file of Bitbucket Server', plain, 'x https://git.example.org/projects/P/repos/r/browse/README-1'],
    ['a sentence that only ends so', plain, 'x\n\nThis closes. ABC-12 is another.'],
    ['a word on the line before', plain, 'x\n\ncloses\nABC-12'],
    ['a file on another kind of server', plain, 'Fixes ftp://github.com/acme/widget/issues/12'],
    ['a script', plain, 'Fixes javascript://github.com/acme/widget/issues/12'],
    ['an address with a user', plain, 'Fixes https://ann:secret@github.com/acme/widget/issues/12'],
    ['an address that climbs', plain, 'x https://github.com/../..%2f/issues/12'],
    ['a number too long', gitHub, 'Fixes #12345678901'],
    ['GH-12 at another forge', gitLab, 'Refs GH-12'],
  ])('is not %s', (_, place, text) => {
    expect(keysIn(text, place)).toEqual([])
  })

  it.each<[string, readonly string[]]>([
    ['feature/PROJ-123-x', ['PROJ-123']],
    ['proj-123-fix', ['PROJ-123']],
    ['ann/eng-7-the-title', ['ENG-7']],
    ['fix-PROJ-1-and-PROJ-2', ['PROJ-1', 'PROJ-2']],
    ['a-proj-12', []],
    ['fix/OPS-1-x', []],
    ['fixes/abc-12', []],
    ['utf-8-names', []],
    ['12-title', []],
    ['release/1.2', []],
    ['PROJ-12a', []],
  ])('in a branch: %s', (branch, keys) => {
    expect(keysIn(branch, gitHub, 'branch')).toEqual(keys)
    expect(keysIn(branch, plain, 'branch')).toEqual([])
  })

  it('says which rule gave it, its tracker, and where it is', () => {
    const text = 'PROJ-1: x\n\nFixes ENG-2, OPS-3, #4 and https://github.com/o/r/issues/5'
    const { tickets } = ticketsIn([textOf(text)], gitHub)
    expect(tickets.map(({ rule, system, uri }) => [rule, system, uri])).toEqual([
      ['prefix', 'jira', 'https://acme.atlassian.net/browse/PROJ-1'],
      ['prefix', 'linear', 'https://linear.app/acme/issue/ENG-2'],
      ['relation', 'unknown', undefined],
      ['reference', 'github', 'https://github.com/acme/widget/issues/4'],
      ['address', 'github', 'https://github.com/o/r/issues/5'],
    ])
    expect(new Set(tickets.map((it) => `${it.said} ${it.sha256}`))).toEqual(
      new Set([`commit ${sha256Hex(Buffer.from(text))}`]),
    )
  })

  it('of a tracker whose prefixes nobody named counts behind a relation word, if it is the only such', () => {
    const one = [{ system: 'linear', url: 'https://linear.app/acme', prefixes: [] }] as const
    const remote = 'https://github.com/acme/widget'
    const [ticket] = ticketsIn([textOf('Fixes ABC-1')], ticketPlace(remote, one)).tickets
    expect(ticket).toMatchObject({ system: 'linear', uri: 'https://linear.app/acme/issue/ABC-1' })
    expect(keysIn('ABC-1', ticketPlace(remote, one))).toEqual([])
    const two = [...one, { system: 'jira', url: 'https://jira.acme.example', prefixes: [] }] as const
    expect(ticketsIn([textOf('Fixes ABC-1')], ticketPlace(remote, two)).tickets[0]?.system).toBe('unknown')
  })

  it('stands once for a change, with the text that is hardest to change', () => {
    const texts = [
      textOf('Closes #12, PROJ-1', 'request'),
      textOf('feature/PROJ-1', 'branch'),
      textOf('Add x\n\nSee #12', 'commit'),
    ]
    const { tickets } = ticketsIn(texts, gitHub)
    expect(tickets.map(({ key, said, relation }) => [key, said, relation])).toEqual([
      ['acme/widget#12', 'commit', 'see'],
      ['PROJ-1', 'branch', undefined],
    ])
    expect(tickets[0]?.sha256).toBe(texts[2]?.sha256)
  })

  it('with an address beside it is one, and another text adds no address to it', () => {
    const page = 'https://jira.example.org/browse/OPS-1'
    expect(ticketsIn([textOf(`Refs: OPS-1\n\n${page}`)], plain).tickets).toMatchObject([
      { key: 'OPS-1', system: 'jira', uri: page, relation: 'refs' },
    ])
    const edited = ticketsIn([textOf('Refs: OPS-1'), textOf(page, 'request')], plain).tickets
    expect(edited).toMatchObject([{ key: 'OPS-1', said: 'commit', system: 'unknown', uri: undefined }])
  })

  it('is not the request of the change itself', () => {
    const texts = [textOf('This is #12, for #11', 'request')]
    expect(ticketsIn(texts, gitHub, '#12').tickets.map((it) => it.key)).toEqual(['acme/widget#11'])
  })

  it('by a number alone needs a repository', () => {
    const nowhere = ticketPlace(undefined, [])
    expect(keysIn('Fixes #12', nowhere)).toEqual([])
    const own = ticketPlace('https://git.example.org/acme/widget', [])
    expect(ticketsIn([textOf('Fixes #12')], own).tickets).toMatchObject([
      { system: 'unknown', key: 'acme/widget#12', uri: undefined },
    ])
    const below = ticketPlace('https://git.acme.example/code/a/b', trackers)
    expect(ticketsIn([textOf('Fixes #12')], below).tickets).toMatchObject([
      { system: 'gitlab', key: 'a/b#12', uri: 'https://git.acme.example/code/a/b/-/issues/12' },
    ])
  })
})

describe('what an attacker writes', () => {
  it.each([
    ['marks of direction within a key', 'Refs: PROJ\u202e-12 PROJ-1\u20662 \u202ePROJ-12'],
    ['a sign that nobody sees', 'Refs: PROJ-1\u200b2 PROJ\u200d-12 #1\u2060 2'.replace(' 2', '2')],
    ['a control', 'Refs: PROJ-12\u001b[31m #12\u0007 PROJ-1\u009b'],
    ['letters of another script', 'Refs: PR\u041eJ-12 \u0391BC-1'],
    ['digits of another script', 'Refs: PROJ-\u0661\u0662 #\uff11'],
    ['marks in an address', 'https://github.com/acme/wid\u202eget/issues/12'],
    ['a user in an address', 'https://acme.atlassian.net@evil.example/browse/PROJ-12'],
    [
      'a host that is no name',
      "https://&3/browse/PROJ-12 https://a'b.example/browse/PROJ-12 https://{x}/browse/PROJ-12",
    ],
    ['a script in the place of an address', 'javascript:https://x/browse/PROJ-1?alert(1)'.replace('https:', '')],
  ])('with %s is no ticket', (_, text) => {
    expect(keysIn(`x\n\n${text}`, gitHub)).toEqual([])
  })

  it('leaves nothing of an address but its host and the names in its path', () => {
    const text = [
      'https://linear.app/acme/issue/ENG-12/the-secret-title?token=secret#secret',
      'https://bitbucket.org/acme/widget/issues/12/secret',
      'http://jira.example.org/browse/OPS-1?secret=1#secret',
    ].join('\n')
    expect(ticketsIn([textOf(text)], plain).tickets.map((it) => it.uri)).toEqual([
      'https://linear.app/acme/issue/ENG-12',
      'https://bitbucket.org/acme/widget/issues/12',
      'http://jira.example.org/browse/OPS-1',
    ])
  })

  it('whatever it is, comes out as plain keys and plain addresses', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'Fixes ',
        'PROJ-12',
        '#12',
        'acme/x#1',
        '&3',
        'https://',
        'github.com/a/b/issues/1',
        '/browse/A-1',
        ' ',
      ),
      fc.constantFrom(
        '\n',
        '`',
        '"',
        '<!--',
        '-->',
        '[',
        '](',
        ')',
        ':',
        '@',
        '\u202e',
        '\u200b',
        '\0',
        hostile,
        '%2e%2e/',
        '?',
        '\\',
      ),
      fc.string({ unit: 'grapheme' }),
    )
    const said = fc.constantFrom('commit' as const, 'branch' as const, 'request' as const)
    const texts = fc.array(fc.tuple(fc.array(part, { maxLength: 30 }), said), { maxLength: 4 })
    fc.assert(
      fc.property(texts, fc.constantFrom(gitHub, gitLab, bitbucket, plain), (all, place) => {
        const { tickets } = ticketsIn(
          all.map(([parts, who]) => textOf(parts.join(''), who)),
          place,
        )
        const ids = tickets.map((it) => it.uri?.toLowerCase() ?? `${it.system} ${it.key}`.toLowerCase())
        expect(new Set(ids).size).toBe(ids.length)
        for (const { key, uri, relation } of tickets) {
          expect(key).toMatch(/^(?:[A-Z][A-Z0-9_]*-|[A-Za-z0-9_./-]+[#&])[1-9]\d{0,8}$/)
          expect(uri ?? 'https://x/y').toMatch(/^https?:\/\/[a-z0-9.-]+(?::\d+)?(?:\/[A-Za-z0-9_.~-]+)+$/)
          expect(relation ?? 'refs').toMatch(/^[a-z][a-z -]{1,20}$/)
          expect(steersIn(JSON.stringify([key, uri, relation]))).toEqual([])
        }
      }),
      { numRuns: runs(300) },
    )
  })

  it.each([
    ['numbers', '#1 '],
    ['keys', 'PROJ-1 A-'],
    ['relation words', 'closes part of '],
    ['links', '[a]( [b](https://x '],
    ['signs of code and quotes', '`"“'],
    ['comments that nothing closes', '<!-- '],
    ['quotes that nothing closes', '<blockquote>\n'],
    ['paths', 'a/b/'],
    ['addresses', 'https://gitlab.com/a/b/c/'],
    ['dots with an end', '.'],
    ['trailers', 'Refs: PROJ-1\n x\n'],
    ['lines', '* \n'],
  ])('costs what it has, of %s', (_, unit) => {
    const work = (size: number) => {
      const text = textOf(`${unit.repeat(size)}x`)
      return () => ticketsIn([text], gitLab)
    }
    expect(growth(work, 4_000)).toBeLessThan(nearlyLinear)
  })

  it('beyond the bounds is not read, and that is said', () => {
    const many = Array.from({ length: limits.contextItems + 5 }, (_, at) => `#${at + 1}`).join(' ')
    const found = ticketsIn([textOf(`x\n\n${many}`)], gitHub)
    expect([found.tickets.length, found.isWhole]).toEqual([limits.contextItems, false])
    const long = ticketsIn([textOf(`${'x '.repeat(limits.commitMessageBytes / 2)}\nFixes #12`)], gitHub)
    expect(long).toEqual({ tickets: [], isWhole: false })
    expect(ticketsIn([textOf('Fixes #12')], gitHub).isWhole).toBe(true)
  })
})
