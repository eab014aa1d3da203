/** Views of verdicts: what is left out of one, and text that is markup in it. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const views = ['report/verdict-views.test.ts']

export const viewsOfVerdicts: readonly Edit[] = [
  ...inFile('report/check-rows.ts', views, [
    {
      rule: 'A waiver that is shown as a pass',
      find: 'return { ...failed, outcome, waiver: check.waiver }',
      replace: "return { ...common, outcome: 'passed' }",
    },
    {
      rule: 'A check that was skipped, and is shown in no view',
      find: '(policy?.checks ?? []).flatMap(rowsOf)',
      replace: "(policy?.checks ?? []).flatMap(rowsOf).filter((it) => it.outcome !== 'skipped')",
      tests: ['report/verdict-views.test.ts'],
    },
    {
      rule: 'A waiver that counts for nothing, and is shown in no view',
      find: ', ...(policy?.waiversSetAside ?? []).map(setAsideRow)]',
      replace: ']',
    },
  ]),
  ...inFile('report/documents/sarif-text.ts', views, [
    { rule: 'A name that is a link in SARIF', find: "    .replaceAll('](', '] (')\n", replace: '' },
    {
      rule: 'A name that is the address of another machine in SARIF',
      find: 'segments.map(encodeURIComponent)',
      replace: 'segments',
    },
  ]),
  ...inFile('report/documents/sarif.ts', views, [
    {
      rule: 'A run of SARIF that decided nothing, and was successful',
      find: "isSuccessful &&= verdict.outcome !== 'undecided'",
      replace: '',
    },
  ]),
  ...inFile('report/documents/sarif-results.ts', views, [
    {
      rule: 'A fail that has no result in SARIF',
      find: 'failure === undefined || isExplained ?',
      replace: 'true ?',
    },
  ]),
  ...inFile('report/documents/html-parts.ts', views, [
    {
      rule: 'A name that is HTML in the page about a release',
      find: 'return escaped(oneLine(text).toWellFormed())',
      replace: 'return oneLine(text).toWellFormed()',
    },
  ]),
  ...inFile('report/documents/html.ts', views, [
    {
      rule: 'A page that says pass where one of several fails',
      find: "if (fail > 0) return 'fail'",
      replace: '',
    },
    { rule: 'A page about nothing that says pass', find: "pass > 0 ? 'pass' : 'fail'", replace: "'pass'" },
  ]),
  ...inFile('report/documents/document.ts', views, [
    {
      rule: 'Half a document, for a whole one',
      find: 'if (room >= 0) return parts',
      replace: 'return parts',
    },
  ]),
  ...inFile(
    'cli/commands/verify.ts',
    ['cli/verify-formats.test.ts'],
    [
      {
        rule: 'A verdict that nobody wrote, and exit 0',
        find: "if (exitCode !== exitCodeOf('no') || !(thrown instanceof CountersignError)) throw thrown",
        replace: '',
      },
    ],
  ),
]
