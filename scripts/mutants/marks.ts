/** Marks at a forge: ours alone, at the request of the job, and the token goes to one API. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const attacks = ['marks/attacks.test.ts']
const ofGithub = ['marks/github.test.ts']

export const marks: readonly Edit[] = [
  ...inFile('marks/github.ts', attacks, [
    {
      rule: 'Labels for a request of another repository',
      find: 'if (json === undefined || !isIt)',
      replace: 'if (json === undefined)',
    },
    {
      rule: 'Labels for a request that has another head by now',
      find: "if (at(json, 'head', 'sha') !== head)",
      replace: 'if (false)',
    },
  ]),
  ...inFile('marks/marks.ts', attacks, [
    {
      rule: 'Marks in the repository to which the clone leads, whatever the job is for',
      find: "if (said !== undefined && said.toLowerCase() !== address.repository.join('/').toLowerCase())",
      replace: 'if (false)',
    },
    {
      rule: 'A token that would be several headers',
      find: '!/^[!-~]+$/.test(token) ||',
      replace: '',
    },
  ]),
  ...inFile('marks/writes.ts', attacks, [
    {
      rule: 'Labels of somebody else',
      find: 'if (!gateLabels.includes(label))',
      replace: 'if (false)',
    },
    {
      rule: 'A number that is a path',
      find: 'if (!/^[1-9]\\d{0,15}$/.test(number))',
      replace: 'if (false)',
    },
  ]),
  ...inFile('platform/ask-boundedly.ts', attacks, [
    {
      rule: 'A redirect of what is written, followed with the token',
      find: "redirect: 'error'",
      replace: "redirect: 'follow'",
    },
  ]),
  ...inFile('marks/own-labels.ts', ofGithub, [
    {
      rule: 'Labels of others, taken away with ours',
      find: 'gateLabels.filter((it) => !wanted.includes(it) && has.has(it))',
      replace: '[...has].filter((it) => !(wanted as readonly string[]).includes(it)) as OwnLabel[]',
    },
  ]),
  ...inFile('marks/check-words.ts', ofGithub, [
    {
      rule: 'A path that makes a forge refuse all annotations',
      find: ' || !isPlain(path)',
      replace: '',
    },
  ]),
  ...inFile(
    'marks/marks.ts',
    ['marks/command.test.ts'],
    [
      {
        rule: 'A mark that is refused, ending the gate',
        find: 'if (!(thrown instanceof MarkTrouble)) throw thrown',
        replace: 'throw thrown',
      },
    ],
  ),
]
