/** `countersign graph`: where a release comes from, of a range, of bundles, or of an artifact that passes a question. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { collectLineage } from '../../attest.ts'
import { lineageOfEvidence, lineageOfInspections } from '../../graph.ts'
import type { Lineage } from '../../graph.ts'
import { CountersignError } from '../../index.ts'
import type { Inspection } from '../../index.ts'
import { findBundleFiles, inspect, inspectFile } from '../../inspect.ts'
import { lineageFormats, renderLineage } from '../../report.ts'
import type { LineageFormat } from '../../report.ts'
import { findArtifacts, verify } from '../../verify.ts'
import type { CommandContext } from '../command.ts'
import { statusOn } from '../progress.ts'
import { bundleInputBytes, readStandardInput } from '../standard-input.ts'
import { say, styleOf, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { isThere } from '../there.ts'
import { explainRecords, withExplainOptions } from './explain-records.ts'
import type { ExplainFlags } from './explain-records.ts'
import { asksQuestion, questionRequest, refuseTrustAlone, withQuestionOptions } from './question-flags.ts'
import type { QuestionFlags } from './question-flags.ts'
import { orFile, rangeOf } from './range-words.ts'
import { remotesRequest, withRemoteOptions } from './remote-flags.ts'
import type { RemoteFlags } from './remote-flags.ts'

interface GraphFlags extends QuestionFlags, RemoteFlags, ExplainFlags {
  readonly adopt?: true
  readonly format: LineageFormat
}

export function graphCommand(program: Command, { terminal, done }: CommandContext): void {
  const command = program
    .command('graph')
    .description('draw where a release comes from: tickets, sessions, changes, reviews, builds, artifacts')
    .argument(
      '[what...]',
      'a range A..B (default: what attest would take), bundles, or with a question the artifact that it is about',
    )
  withRemoteOptions(
    command
      .optionsGroup('Of a range:')
      .option('--adopt', 'the release begins with the first commit, however many there are'),
  )
  withExplainOptions(withQuestionOptions(command, { required: false }))
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <format>', 'text, a Mermaid or Graphviz drawing, or a line of JSON')
        .choices(lineageFormats)
        .default('text'),
    )
    .action(async (words: string[], flags: GraphFlags) => {
      const lineage = await lineageFor(words, flags, terminal)
      terminal.stdout.write(renderLineage(lineage, flags.format, styleOf(terminal.stdout, terminal.env)))
      done(0)
    })
}

/** Errors: those of verifying, inspecting and reading a range, and `usage`. */
async function lineageFor(words: readonly string[], flags: GraphFlags, terminal: Terminal): Promise<Lineage> {
  if (asksQuestion(flags)) return verifiedLineage(words, flags, terminal)
  refuseTrustAlone(flags, 'draw')
  const [first] = words
  const areBundles = words.length > 1 || first === '-' || (first !== undefined && isThere(terminal.cwd, first))
  return areBundles ? claimedLineage(words, flags, terminal) : orFile(first, () => rangeLineage(first, flags, terminal))
}

async function verifiedLineage(words: readonly string[], flags: GraphFlags, terminal: Terminal): Promise<Lineage> {
  const request = await questionRequest(flags, terminal)
  const { artifacts, notes } = await findArtifacts(words, { cwd: terminal.cwd, input: terminal.stdin })
  for (const note of notes) say(terminal, `note: ${note}`)
  const [artifact, ...others] = artifacts
  if (artifact === undefined || others.length > 0) {
    throw new CountersignError('usage', 'a question is asked of one artifact, and these are more, or none')
  }
  const evidence = await verify({ ...request, artifact })
  const sessions = evidence.statements.flatMap(({ predicate: it }) =>
    it.kind === 'build-provenance' ? it.sessions : [],
  )
  await explainRecords(sessions, flags, terminal, request.trust)
  return lineageOfEvidence(evidence)
}

async function claimedLineage(words: readonly string[], flags: GraphFlags, terminal: Terminal): Promise<Lineage> {
  const paths = await findBundleFiles(words, terminal)
  const inspections: Inspection[] = []
  // One after another: a folder may hold thousands, and each is read whole.
  for (const path of paths) {
    inspections.push(
      ...(path === '-'
        ? await inspect(await readStandardInput(terminal, bundleInputBytes, 'bundle'))
        : await inspectFile(path, worldOf(terminal))),
    )
  }
  // What could not be read is not drawn, and a drawing does not show what it lacks.
  for (const { bundle, problems } of inspections) {
    for (const it of problems) say(terminal, `note: not drawn: ${bundle}: ${it}`)
  }
  const sessions = inspections.flatMap((it) => it.sessions)
  await explainRecords(sessions, flags, terminal)
  return lineageOfInspections(inspections)
}

async function rangeLineage(words: string | undefined, flags: GraphFlags, terminal: Terminal): Promise<Lineage> {
  const status = statusOn(terminal.stderr, terminal.now)
  try {
    return await collectLineage({
      ...remotesRequest(flags),
      ...rangeOf(words),
      ...(flags.adopt === undefined ? {} : { adopt: flags.adopt }),
      ...(flags.offline === undefined ? {} : { network: 'none' as const }),
      world: worldOf({ ...terminal, progress: status.show }),
    })
  } finally {
    status.clear()
  }
}
