/** What a person and a script are told: reports, inspections, flags, exit codes. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const render = 'report/render.test.ts'
const forgeries = 'forgeries'

export const reportAndCli: readonly Edit[] = [
  ...inFile(
    'report/fold.ts',
    ['report/fold.test.ts'],
    [
      {
        rule: 'A command of GitHub Actions that folding puts at the beginning of a line',
        find: ' && !command.test(word)',
        replace: '',
      },
    ],
  ),
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
    [
      { rule: 'A variable that was not set, as the value of a flag', find: "value === '' ||", replace: 'false ||' },
      {
        rule: 'A flag that is given twice, of which one would not count',
        find: "if (times > 1 && typeof value === 'string')",
        replace: 'if (false)',
        tests: ['cli/help.test.ts', 'cli/main.test.ts'],
      },
    ],
  ),

  ...inFile(
    'report/index.ts',
    [render],
    [
      {
        rule: 'A verdict in JSON that steers the terminal',
        find: 'unsteeringJson(jsonOf(value))',
        replace: 'jsonOf(value)',
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
        find: 'return subjectName === undefined || isSame ?',
        replace: 'return true ?',
      },
    ],
  ),

  ...inFile(
    'report/difference.ts',
    ['cli/verify-many.test.ts'],
    [
      {
        rule: 'The flag that waives a rule, told under its refusal',
        find: 'differs === undefined || isWaiver(differs.option)',
        replace: 'differs === undefined',
      },
    ],
  ),

  ...inFile(
    'report/verdict-series.ts',
    ['report/verdict-series.test.ts'],
    [
      {
        rule: 'A changed work tree that only the long form shows',
        find: "...(summaries.some(({ tree }) => tree !== undefined && !isClean(tree)) ? [style.bad('work tree not clean')] : []),",
        replace: '',
      },
      {
        rule: 'Attestations that contradict each other, which only the long form shows',
        find: '...verdict.findings.map((it) => style.bad(it.code)),',
        replace: '',
      },
      {
        rule: 'A refusal that is not told where only refusals are',
        find: "if (detail === 'quiet') return finished([text.trimEnd()])",
        replace: "if (detail === 'quiet') return ''",
      },
    ],
  ),

  ...inFile(
    'model/uncounted.ts',
    ['report/render.test.ts', 'attest/notes.test.ts'],
    [
      {
        rule: 'A record that counts, told as one that does not',
        find: 'return uncounted.has(code)',
        replace: 'return true',
      },
    ],
  ),

  ...inFile(
    'cli/terminal.ts',
    ['cli/json-on-terminal.test.ts'],
    [
      {
        rule: 'A statement on a terminal with other numbers than are signed',
        find: "indentedJson(json).split('\\n')",
        replace: "JSON.stringify(JSON.parse(json), null, 2).split('\\n')",
      },
    ],
  ),

  ...inFile(
    'report/sessions-said.ts',
    ['report/verdict-series.test.ts'],
    [
      {
        rule: 'A job that looked at nothing, told as one that found no session',
        find: 'if (isUnknown(said)) return notLookedFor',
        replace: '',
      },
      {
        rule: 'A place that nobody looked at, left out of the line',
        find: 'if (places.length === 0) return []',
        replace: 'return []',
      },
      {
        rule: 'A statement without a word of AI, told as one that found no session',
        find: 'sessions === undefined || (sessions.length === 0 && looked === undefined)',
        replace: 'sessions === undefined',
      },
    ],
  ),

  ...inFile(
    'report/ci/outputs.ts',
    ['report/ci/job-report.test.ts'],
    [
      {
        rule: 'A number of sessions where nobody looked for one',
        find: '...(wereLookedFor(looked)\n',
        replace: '...(true\n',
      },
    ],
  ),

  ...inFile(
    'report/fold.ts',
    ['report/fold.test.ts'],
    [
      {
        rule: 'A digest or an address in two pieces',
        find: 'const piece = /(?<! )( *)((?:',
        replace: 'const piece = /(?<! )( *)((?:.{1,20})|(?:',
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
    [
      { rule: 'An inspection that says that it verified', find: 'verified: false,', replace: 'verified: true,' },
      {
        rule: 'A bundle beside a file, told as one about it',
        find: 'matchSubject(statement, beside.digest) >= 0',
        replace: 'true',
      },
    ],
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

  ...inFile(
    'cli/ci-output.ts',
    ['cli/ci-output.test.ts'],
    [
      {
        rule: 'A yes that nobody was told, as was asked for',
        find: "return exitCode === 0 ? exitCodeOf('undecided') : exitCode",
        replace: 'return exitCode',
      },
      { rule: 'An error that the job hears nothing of', find: 'if (thrown !== undefined)', replace: 'if (false)' },
    ],
  ),

  ...inFile(
    'ci-output/ci-output.ts',
    ['cli/ci-output.test.ts'],
    [
      {
        rule: 'A file for the runner behind a link of the checkout',
        find: 'await refuseLinksBelow(cwd, path)',
        replace: '',
      },
      {
        rule: 'A report behind a link that was committed',
        find: 'await refuseLinksBelow(project, path)',
        replace: '',
      },
      { rule: 'A file of the runner that is none', find: 'stats?.isFile() !== true', replace: 'false' },
    ],
  ),

  ...inFile(
    'report/ci/step-output.ts',
    ['report/ci'],
    [
      { rule: 'A value that goes on with outputs of its own', find: 'value.includes(delimiter)', replace: 'false' },
      { rule: 'A name that is an output with a value', find: '!/^[a-z]+(?:-[a-z]+)*$/.test(name)', replace: 'false' },
    ],
  ),

  ...inFile(
    'report/ci/workflow-command.ts',
    ['report/ci'],
    [
      {
        rule: 'A name that ends the properties of a command',
        find: "escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')",
        replace: 'escapedData(text)',
      },
      { rule: 'More annotations than are shown, uncounted', find: 'refused.slice(0, room - 1)', replace: 'refused' },
    ],
  ),

  ...inFile(
    'report/ci/dotenv.ts',
    ['report/ci'],
    [
      {
        rule: 'A value that ends its line, or that GitLab expands',
        find: '!plain.test(line.slice(name.length + 1, -1))',
        replace: 'false',
      },
      { rule: 'A report that GitLab refuses as a whole', find: 'isFull ||', replace: '' },
    ],
  ),

  ...inFile(
    'report/html-text.ts',
    ['report/ci', 'report/changes.test.ts', 'report/html-text.test.ts'],
    [
      { rule: 'A name that is HTML or Markdown', find: '${escaped(text)}', replace: '${text}' },
      { rule: 'An address, or a command of a CI, in Markdown', find: '|:(?![A-Za-z0-9 ])', replace: '' },
      { rule: 'An address without a protocol in Markdown', find: '|(?<=[Ww]{3})\\.', replace: '' },
      { rule: 'Emphasis in Markdown', find: '|_(?![A-Za-z0-9])', replace: '' },
    ],
  ),

  ...inFile(
    'report/grid.ts',
    ['report/grid.test.ts'],
    [
      {
        rule: 'A command of a CI log where a long name goes on in the next line',
        find: "piece = `${piece}${segment}`.replace(command, ': :')",
        replace: 'piece = `${piece}${segment}`',
      },
      {
        rule: 'A command of a CI log where a line begins with a word of a name',
        find: "line === '' ? word.replace(command, ': :')",
        replace: "line === '' ? word",
      },
    ],
  ),

  ...inFile(
    'report/changes/sections.ts',
    ['report/changes.test.ts'],
    [
      {
        rule: 'A text that steers a terminal, in a report of sessions',
        find: '.map((row) => row.map(cell))',
        replace: ".map((row) => row.map((it) => String(it ?? '-')))",
      },
      {
        rule: 'No session found, told as no AI, before it is signed',
        find: 'no AI session is named; that does not mean that no AI was used',
        replace: 'no AI was used',
      },
    ],
  ),
  ...inFile(
    'report/changes/draft.ts',
    ['report/changes.test.ts'],
    [
      {
        rule: 'Rows of a report that are left out without a word',
        find: 'total: rows.length, notes',
        replace: 'total: 0, notes',
      },
    ],
  ),

  ...inFile(
    'report/changes/markdown.ts',
    ['report/changes.test.ts'],
    [
      {
        rule: 'A name in a comment that calls somebody, or links to an issue',
        find: '? code(text) : escaped(text)',
        replace: '? escaped(text) : escaped(text)',
      },
    ],
  ),

  ...inFile(
    'report/html-head.ts',
    ['report/changes.test.ts', 'report/verdict-views.test.ts', 'report/reasoning.test.ts'],
    [
      {
        rule: 'A page that may load what a name says',
        find: '`<meta http-equiv="Content-Security-Policy" content="${policy}">`,',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'report/fitted-table.ts',
    ['report/ci', 'report/changes.test.ts'],
    [{ rule: 'A summary that GitHub refuses as a whole', find: 'if (room < 0) break', replace: '' }],
  ),

  ...inFile(
    'report/ci/junit.ts',
    ['report/ci'],
    [{ rule: 'A name that adds a test that passes', find: ".replaceAll('\"', '&quot;')", replace: '' }],
  ),

  ...inFile(
    'report/ci/job-report.ts',
    ['report/ci'],
    [
      { rule: 'A no that is told as something else', find: "if (counts.fail > 0) return 'fail'", replace: '' },
      { rule: 'Nothing verified, told as a pass', find: "counts.pass > 0 ? 'pass' : 'fail'", replace: "'pass'" },
      {
        rule: 'A token in what a job is told',
        find: 'const line = oneLine(text).toWellFormed()',
        replace: 'const line = text.toWellFormed()',
      },
    ],
  ),

  ...inFile(
    'cli/duration.ts',
    ['cli/duration.test.ts'],
    [{ rule: 'A time that a timer takes for none', find: 'if (time > longest)', replace: 'if (false)' }],
  ),

  ...inFile(
    'cli/commands/inspect.ts',
    ['cli/commands.test.ts'],
    [
      {
        rule: 'A bundle that cannot be read, hidden among others',
        find: 'worst = worseOf(worst, exitCodeOf(thrown.kind))',
        replace: '',
      },
    ],
  ),
]
