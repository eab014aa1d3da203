/** What a change names as a ticket, and what is asked of trackers. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const texts = ['collect/tickets/tickets-in.test.ts']
const asking = ['collect/tickets/open-tracker.test.ts']
const configuration = ['collect/config/read-config.test.ts']

export const tickets: readonly Edit[] = [
  ...inFile('collect/config/own-trackers.ts', configuration, [
    { rule: 'A prefix of two trackers', find: 'if (taken.has(prefix))', replace: 'if (false)' },
    {
      rule: 'A prefix of a forge, which would make its name a key',
      find: 'prefixes.length > 0 && !withPrefixes.includes(system)',
      replace: 'false',
    },
    { rule: 'A tracker at another host than it looks', find: 'if (!isPlain)', replace: 'if (url === null)' },
  ]),

  ...inFile(
    'collect/tickets/message-room.ts',
    ['collect/tickets/message-room.test.ts'],
    [
      {
        rule: 'A commit that came when there was no more room, told as one that names no ticket',
        find: "left < 0 ? undefined : 'quiet'",
        replace: "'quiet'",
      },
      {
        rule: 'A message that was read in part, told as one that names no ticket',
        find: 'if (!whole) cut.add(commit)\n      else if',
        replace: 'if',
      },
    ],
  ),
  ...inFile(
    'collect/tickets/tickets-in-line.ts',
    ['collect/tickets/message-room.test.ts'],
    [{ rule: 'A ticket that the short way does not see', find: '[-#&][1-9]', replace: '[-#][1-9]' }],
  ),

  ...inFile('collect/tickets/addresses.ts', texts, [
    { rule: 'A user in the address of a ticket', find: " || url.username !== '' || url.password !== ''", replace: '' },
    {
      rule: 'The title that an address holds',
      find: 'uri: `${url.origin}${folder}${named.path}`',
      replace: 'uri: written',
    },
    { rule: 'A host that is no name', find: '!hostName.test(url.hostname)', replace: 'false' },
    { rule: 'A script as the address of a ticket', find: ' || !/^https?:$/.test(url.protocol)', replace: '' },
  ]),

  ...inFile('collect/tickets/tickets-in-line.ts', texts, [
    { rule: 'A request as a ticket', find: 'if (!isRequest) yield', replace: 'yield' },
  ]),

  ...inFile('collect/tickets/keys.ts', texts, [
    {
      rule: 'A key with a sign that nobody sees behind it',
      find: '-(${ticketNumber})$`)\nconst',
      replace: '-(${ticketNumber})`)\nconst',
    },
    { rule: 'An encoding as a ticket', find: ' && !lookalikes.has(prefix)', replace: '' },
    { rule: 'A key of nobody that stands alone', find: ' || relation?.isSure !== true', replace: '' },
  ]),

  ...inFile('collect/tickets/references.ts', texts, [
    {
      rule: 'A number with a sign that nobody sees behind it',
      find: 's?)?$`)',
      replace: 's?)?`)',
    },
  ]),

  ...inFile('collect/tickets/counting-lines.ts', texts, [
    { rule: 'A trailer of a session as a ticket', find: 'trailerForms.has(key) || ', replace: '' },
    { rule: 'An example as a ticket', find: '!isShown && ', replace: '' },
    { rule: 'A comment of a template as a ticket', find: "withoutSpans(text, '<!--', '-->')", replace: 'text' },
  ]),

  ...inFile('collect/tickets/tickets-in.ts', texts, [
    { rule: 'Tickets without end', find: 'else if (found.size < limits.contextItems)', replace: 'else' },
    { rule: 'A message without end', find: 'whole.slice(0, limits.commitMessageBytes)', replace: 'whole' },
    {
      rule: 'An edited text that says where the ticket of a commit is',
      find: 'if (known.said !== said || known.sha256 !== sha256) return known',
      replace: '',
    },
    {
      rule: 'The word of a later text for the ticket of a commit',
      find: 'if (twin.said !== other.said || twin.sha256 !== other.sha256) {',
      replace: 'if (false) {',
    },
  ]),

  ...inFile('collect/tickets/open-tracker.ts', asking, [
    {
      rule: 'A token that goes to a host of the repository',
      find: '`${address.api}${question.path}`',
      replace: '`${ticket.uri === undefined ? address.api : new URL(ticket.uri).origin}${question.path}`',
    },
    {
      rule: 'A ticket of another tracker with the same name',
      find: 'if (uri === undefined) return true',
      replace: 'if (web !== undefined) return true',
    },
    { rule: 'A token of a tracker in the clear', find: 'isSecure(url) && ', replace: '' },
    {
      rule: 'An API of a tracker with a question in its address',
      find: " && url.search === '' && url.hash === ''",
      replace: '',
    },
    { rule: 'More questions than a token of a tracker has', find: '.slice(0, limits.trackerTickets)', replace: '' },
    {
      rule: 'A tracker that refuses, asked again and again',
      find: "&& answer.next !== 'other') break",
      replace: '&& false) break',
    },
    {
      rule: 'A ticket that is none, which keeps others from being asked about',
      find: "&& answer.next !== 'other') break",
      replace: ') break',
    },
    {
      rule: 'A tracker that said nothing, taken for one that said that there is nothing',
      find: 'heard.status !== undefined && heard.status === row.nothingAt ? undefined : heard',
      replace: 'undefined',
    },
    { rule: 'An answer about another ticket', find: "if (read === 'another')", replace: "if (read === 'nothing')" },
  ]),

  ...inFile('platform/ask-boundedly.ts', asking, [
    {
      rule: 'A redirect that takes the token of a tracker along',
      find: "redirect: 'error'",
      replace: "redirect: 'follow'",
    },
    { rule: 'A tracker that redirects each question', find: "|| reason.startsWith('a redirect')", replace: '' },
    { rule: 'A tracker that stalls each question', find: '|| isTimeout(thrown) ', replace: '' },
    {
      rule: 'A tracker that never ends its answer',
      find: 'service.bytes, () => tooLong',
      replace: '1e9, () => tooLong',
    },
    { rule: 'A tracker that takes all the time of a job', find: 'if (!budget.reaches(0))', replace: 'if (false)' },
    {
      rule: 'A wait for a tracker that is longer than the job',
      find: 'if (!budget.reaches(readyAt)) return answer',
      replace: '',
    },
    { rule: 'A tracker that fails for ever', find: ' || attempts === mostAttempts', replace: '' },
  ]),

  ...inFile('collect/tickets/jira.ts', asking, [
    {
      rule: 'Another ticket in the answer of Jira',
      find: "if (answer['key'] !== asked.key)",
      replace: "if (typeof answer['key'] !== 'string')",
    },
    { rule: 'A key of Jira that steers', find: '!key.test(name) || ', replace: '' },
  ]),

  ...inFile('collect/tickets/linear.ts', asking, [
    {
      rule: 'Another ticket in the answer of Linear',
      find: 'if (identifier !== asked.key)',
      replace: "if (typeof identifier !== 'string')",
    },
    {
      rule: 'The name of a project in the place of its id',
      find: '!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)',
      replace: "id === ''",
    },
  ]),

  ...inFile('collect/tickets/github.ts', asking, [
    { rule: 'A parent that GitHub has at another host', find: ' || !repository.startsWith(start)', replace: '' },
  ]),

  ...inFile('collect/tickets/gitlab.ts', asking, [
    {
      rule: 'Another ticket in the answer of GitLab',
      find: "if (String(iid) !== number) return 'another'",
      replace: '',
    },
  ]),

  ...inFile(
    'collect/tickets/collect-tickets.ts',
    ['attest/tickets.test.ts'],
    [{ rule: 'A parent of another tracker’s ticket of the same key', find: 'tracker.owns(it) ? ', replace: 'true ? ' }],
  ),

  ...inFile(
    'attest/tracker.ts',
    ['attest/tickets.test.ts'],
    [
      {
        rule: 'A tracker that is asked for nothing that is written',
        find: 'if (!tellsChanges)',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile('collect/tickets/tracker-row.ts', asking, [
    { rule: 'A kind of ticket that is a text', find: '_/-]{0,58}', replace: '_/-]{0,9999}' },
  ]),
]
