/** The gate: a change has no say in how it is looked at, and what was not seen is no pass. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const ofGate = ['gate/gate.test.ts']
const ofRange = ['gate/review-range.test.ts']
const ofReviews = ['gate/reviews.test.ts']
const ofMessages = ['gate/messages.test.ts']

export const gate: readonly Edit[] = [
  ...inFile('gate/gate-policy.ts', ofGate, [
    {
      rule: 'The policy of the change in place of that of its base',
      find: 'fileAt(change.repository, change.base, place, {',
      replace: 'fileAt(change.repository, change.head, place, {',
    },
    {
      rule: 'A policy in the checkout, taken for one from outside',
      find: 'if (!isBelow(real, await realpath(repository.root)) && !isBelow(path, repository.root)) return',
      replace: 'if (!isBelow(path, repository.root)) return',
    },
    {
      rule: 'A policy that the change changes, without a word',
      find: 'if (before !== after)',
      replace: 'if (false)',
    },
  ]),
  ...inFile('gate/decide.ts', ofGate, [
    {
      rule: 'The configuration of the change in place of that of its base',
      find: 'configAt: change.base',
      replace: 'configAt: change.head',
    },
    {
      rule: 'A change without commits, taken for one that passes',
      find: 'if (sessions.commits.total === 0)',
      replace: 'if (false)',
    },
  ]),
  ...inFile('collect/git/file-at.ts', ofGate, [
    {
      rule: 'A link in the place of a file',
      find: '/^100(?:644|664|755)$/.test(found.mode)',
      replace: 'true',
    },
  ]),
  ...inFile('policy/apply-ai-rules.ts', ofGate, [
    {
      rule: 'A policy without a rule to ask, taken for one that passes',
      find: 'if (asked.length === 0)',
      replace: 'if (false)',
    },
  ]),
  ...inFile('collect/ci/review-range.ts', ofRange, [
    {
      rule: 'The commit before a push to any branch as its base',
      find: 'if (own === main && !isNew)',
      replace: 'if (!isNew)',
    },
    {
      rule: 'A name in the place of the id of a commit',
      find: 'if (!/^[0-9a-f]{7,64}$/.test(value))',
      replace: 'if (false)',
    },
  ]),
  ...inFile('collect/context/collect-context.ts', ofReviews, [
    {
      rule: 'What a forge says of another head of an open request',
      find: 'if (isOpen) return proved(await ofOpen.request(), head, undefined)',
      replace: 'if (isOpen) return ofOpen.request()',
    },
  ]),
  ...inFile(
    'collect/context/collect-context.ts',
    ['gate/queue.test.ts'],
    [
      {
        rule: 'A merge inside of a request that says it is the merge of another',
        find: 'if (queued.has(as.commit))',
        replace: 'if (queue !== undefined)',
      },
      {
        rule: 'A request to another branch than the one of the queue',
        find: 'said.value.request.target === branch',
        replace: 'true',
      },
    ],
  ),
  ...inFile(
    'report/ci/workflow-command.ts',
    ['gate/outputs.test.ts'],
    [
      {
        rule: 'A name of a file that is a command when a runner unescapes it',
        find: "text.replaceAll('%', '%25')",
        replace: 'text',
      },
      {
        rule: 'A name of a file with properties of its own',
        find: ".replaceAll(',', '%2C')",
        replace: '',
      },
      {
        rule: 'More annotations than are shown, without a word',
        find: '...shown.map((it) => annotation(kind, it.rule',
        replace: '...all.map((it) => annotation(kind, it.rule',
      },
    ],
  ),
  ...inFile(
    'report/documents/code-quality.ts',
    ['gate/outputs.test.ts'],
    [
      {
        rule: 'Two problems of one fingerprint, shown as one',
        find: 'times === 0 ? key : JSON.stringify([key, times])',
        replace: 'key',
      },
    ],
  ),
  ...inFile(
    'gate/decide.ts',
    ['gate/same-evidence.test.ts'],
    [
      {
        rule: 'Submodules, not told as a release tells them',
        find: 'source: { submodules: await submodulesIn(repository, commit) }',
        replace: 'source: undefined',
      },
    ],
  ),
  ...inFile('gate/decide.ts', ofMessages, [
    {
      rule: 'A change that is refused, said to be one at which nobody looked',
      find: 'failing.every(isUnseen)',
      replace: 'failing.some(isUnseen)',
    },
  ]),
  ...inFile('gate/shown.ts', ofMessages, [
    {
      rule: 'A subject that steers a terminal',
      find: 'oneLine(text.slice(0, 20 * most))',
      replace: 'text.slice(0, 20 * most)',
    },
  ]),
  ...inFile('report/check-rows.ts', ofMessages, [
    {
      rule: 'A proved reason that decides a pass, without a word',
      find: "check.outcome !== 'pass' || check.overrides === undefined",
      replace: 'true',
    },
  ]),
  ...inFile(
    'policy/families/ai/bearing.ts',
    ['policy/ai/told.test.ts'],
    [
      {
        rule: 'A failure that keeps to itself what nobody looked at',
        find: '!hasLooked(outcome) && ',
        replace: 'hasLooked(outcome) && ',
      },
    ],
  ),
]
