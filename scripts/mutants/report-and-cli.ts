/** What a person and a script are told: reports, inspections, flags, exit codes. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const render = 'report/render.test.ts'
const forgeries = 'forgeries'

export const reportAndCli: readonly Edit[] = [
  ...inFile(
    'cli/commands/sigstore-choice.ts',
    ['cli/commands.test.ts'],
    [
      {
        rule: 'A planted file that goes by a mistyped word',
        find: 'if (/[\\\\/.]/.test(text)) return text',
        replace: 'return text',
      },
    ],
  ),

  ...inFile(
    'cli/main.ts',
    ['cli/commands.test.ts'],
    [{ rule: 'A variable that was not set, as the value of a flag', find: "value === '' ||", replace: 'false ||' }],
  ),

  ...inFile(
    'report/index.ts',
    [render],
    [
      {
        rule: 'A verdict in JSON that steers the terminal',
        find: 'unsteeringJson(JSON.stringify(value))',
        replace: 'JSON.stringify(value)',
        tests: ['cli/steering.test.ts'],
      },
    ],
  ),

  ...inFile(
    'report/table.ts',
    [render],
    [
      {
        rule: 'A value that forges a line of the report',
        find: 'return oneLine(String(value))',
        replace: 'return String(value)',
      },
    ],
  ),

  ...inFile(
    'report/verdict.ts',
    [render, forgeries],
    [
      {
        rule: 'A file of the release under the name of another, without a word',
        find: 'return subjectName === undefined || subjectName === name ?',
        replace: 'return true ?',
      },
    ],
  ),

  ...inFile(
    'report/sessions.ts',
    [render],
    [
      {
        rule: 'No session found, told as no AI',
        find: 'no AI session is named; that does not mean that no AI was used',
        replace: 'no AI was used',
      },
    ],
  ),

  ...inFile(
    'report/inspection.ts',
    ['inspect/inspect.test.ts', 'cli/commands.test.ts'],
    [{ rule: 'An inspection that reads like a yes', find: '`not verified  ', replace: '`verified  ' }],
  ),

  ...inFile(
    'inspect/inspect.ts',
    ['inspect/inspect.test.ts'],
    [{ rule: 'An inspection that says that it verified', find: 'verified: false,', replace: 'verified: true,' }],
  ),

  ...inFile(
    'cli/exit-code.ts',
    ['cli/exit-code.test.ts'],
    [
      { rule: 'A yes for nothing at all', find: 'verdicts.length === 0 ||', replace: '' },
      {
        rule: 'A no that is hidden among others',
        find: "verdicts.some((it) => it.outcome === 'fail')",
        replace: "verdicts.every((it) => it.outcome === 'fail')",
      },
      { rule: 'A yes where nothing was decided', find: 'if (kinds.length === 0) return 0', replace: 'return 0' },
    ],
  ),

  ...inFile(
    'cli/commands/trust-flags.ts',
    ['cli/trust.test.ts'],
    [
      {
        rule: 'Two flags that each name the trust, of which one would not count',
        find: 'if (named.length > 1)',
        replace: 'if (false)',
      },
      {
        rule: 'A mirror without its root, read as public trust',
        find: 'if ((tufMirror === undefined) !== (tufRoot === undefined))',
        replace: 'if (false)',
      },
    ],
  ),
]
