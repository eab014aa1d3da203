/** What a change names as a ticket, and what is asked of trackers. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const texts = ['collect/tickets/tickets-in.test.ts']
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

  ...inFile('collect/tickets/addresses.ts', texts, [
    { rule: 'A user in the address of a ticket', find: " || url.username !== '' || url.password !== ''", replace: '' },
    {
      rule: 'The title that an address holds',
      find: 'uri: `${url.origin}${folder}${named.path}`',
      replace: 'uri: written',
    },
    { rule: 'A script as the address of a ticket', find: ' || !/^https?:\\/\\//i.test(written)', replace: '' },
  ]),

  ...inFile('collect/tickets/tickets-in-line.ts', texts, [
    {
      rule: 'A script whose end looks like an address',
      find: '/https?:\\/\\/[^',
      replace: '/[a-z]*:\\/\\/[^',
    },
    { rule: 'A word without end', find: 'if (word.length > longestWord)', replace: 'if (false)' },
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
      find: '(${ticketNumber})$`)\nconst gitHubKey',
      replace: '(${ticketNumber})`)\nconst gitHubKey',
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
]
