/**
 * Words before a reference that say how it is meant: those that close a ticket at GitHub, GitLab, Bitbucket or Linear, those that only
 * link it, and keys of footers. Which of them would really close it, no one asks here.
 */
export interface Relation {
  /** In lower case. */
  readonly word: string
  /** Whether it says that a ticket follows, even if that one is a key that nobody knows. */
  readonly isSure: boolean
}

const forms = (stem: string, ...ends: readonly string[]): string[] => ends.map((it) => `${stem}${it}`)

const sure = new Set([
  ...forms('clos', 'e', 'es', 'ed', 'ing'),
  ...forms('fix', '', 'es', 'ed', 'ing'),
  ...forms('resolv', 'e', 'es', 'ed', 'ing'),
  ...forms('implement', '', 's', 'ed', 'ing'),
  ...forms('complet', 'e', 'es', 'ed', 'ing'),
  ...['ref', 'refs', 'references'],
  ...['part of', 'related to', 'relates to', 'contributes to', 'blocked by', 'depends on', 'linked to'],
])
const unsure = new Set(['see', 'see also', 'related', 'addresses', 'towards', 'toward', 'follow-up to', 'duplicate of'])
/** They name what follows, and only with a colon: `Jira: PROJ-12`. */
const footers = new Set([
  ...[
    'issue',
    'issues',
    'ticket',
    'tickets',
    'jira',
    'jira-id',
    'linear',
    'story',
    'task',
    'epic',
    'requirement',
    'bug',
  ],
  ...['issue-id', 'ticket-id', 'jira-issue', 'related', 'tracker', 'work-item'],
])

/** The relation that a word is, with the one before it; `colon` where one follows it. */
export function relationIn(before: string, word: string, colon: boolean): Relation | undefined {
  for (const it of [`${before} ${word}`, word]) {
    if (sure.has(it)) return { word: it, isSure: true }
    if (unsure.has(it)) return { word: it, isSure: false }
  }
  return colon && footers.has(word) ? { word, isSure: true } : undefined
}

/** What may stand between a relation word and a reference, or between two references: `fixes issues #1 and #2`. */
export const betweenReferences = new Set([
  ...[
    'and',
    'or',
    '&',
    '+',
    '-',
    '–',
    'also',
    'issue',
    'issues',
    'ticket',
    'tickets',
    'bug',
    'bugs',
    'story',
    'task',
    'epic',
    'jira',
  ],
  ...['linear', 'github', 'gitlab'],
])

/** Behind these a number is a request, a run, a part or a colour: `PR #12`, `Merge #12 #13`, `Auto merge of #12`. */
export const notTickets = new Set([
  ...[
    'pr',
    'prs',
    'pull',
    'request',
    'requests',
    'mr',
    'mrs',
    'merge',
    'merged',
    'merges',
    'build',
    'run',
    'job',
    'pipeline',
  ],
  ...[
    'revert',
    'reverts',
    'reverted',
    'backport',
    'backports',
    'backported',
    'cherry-pick',
    'cherry-picked',
    'cherry-picks',
  ],
  ...[
    'step',
    'phase',
    'part',
    'option',
    'attempt',
    'item',
    'finding',
    'number',
    'point',
    'rule',
    'section',
    'case',
    'test',
    'comment',
  ],
  ...['color', 'colour', 'background', 'fill', 'stroke'],
])

/** What may stand between these and a number. */
export const betweenRequests = new Set(['of', 'from', 'commit', 'commits'])
