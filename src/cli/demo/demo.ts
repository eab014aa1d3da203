/**
 * `countersign demo`: a release from end to end, a policy that refuses it, and four forgeries that are refused. It makes a repository in a temporary
 * folder and runs the real commands in it; each answer below a `$` line is what the command printed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Terminal } from '../terminal.ts'
import { forgeriesOf } from './forgeries.ts'
import { startForge } from './forge.ts'
import { makeRepository } from './repository.ts'
import { artifact, bundle, issuer, jobToken, question, source, stageIn } from './stage.ts'
import type { Main, Stage } from './stage.ts'
import { witnessesOf } from './witnesses.ts'

const changes = `${artifact}.changes.sigstore.json`
const deployed = `${artifact}.deployed-production.sigstore.json`

/** What the release manager wrote down once. */
const policyOfDemo = `apiVersion: countersign/policy/v1
name: acme-release
identity:
  signers:
    - signer: ${source}/.github/workflows/release.yml@refs/tags/*
      issuer: ${issuer}
      source: ${source}
ai:
  models: { allow: ['claude-*'] }
  readers: { mustLook: [trailer, git-ai-note, entire-checkpoint] }
`

/** Runs the demonstration; true if the release came through and every forgery was refused. */
export async function demo(terminal: Terminal, main: Main, folderAfterwards: 'keep' | 'remove'): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-demo-'))
  try {
    return await demonstrate(stageIn(join(folder, 'widget'), join(folder, 'home'), terminal, main))
  } finally {
    if (folderAfterwards === 'keep') terminal.stderr.write(`countersign: the demo lies in ${folder}\n`)
    else await rm(folder, { recursive: true, force: true })
  }
}

async function demonstrate(stage: Stage): Promise<boolean> {
  const { say, countersign } = stage
  const began = stage.now()
  say(
    'A repository: request #7, written by an agent and squashed, a change with lines of another one, and one by hand.',
  )
  const repository = await makeRepository(stage)
  say(await stage.git('log', '--format=%h %s', '--reverse', 'main'))

  say('\n== A gateway that saw the session of #7 gives a receipt ==')
  const witnesses = await witnessesOf(stage, repository, began)

  say('\n== The release job attests, under its own identity, and asks the forge who reviewed #7 ==')
  const token = await jobToken(stage, repository.released, 'release.yml')
  const forge = await startForge(repository, stage.now)
  let attested: number
  try {
    const file = await stage.beside('forge-token', 'a-token-of-the-demo\n')
    const asking = ['--forge-api', forge.api, '--forge-token-file', file]
    const argv = ['attest', artifact, '--sigstore', 'local', '--changes', changes, ...(witnesses ?? []), ...asking]
    attested = await countersign(argv, token)
  } finally {
    await forge.close()
  }
  say('\n== The job that deploys says so ==')
  const shipped = await countersign(['deployed', 'production', artifact, '--sigstore', 'local'], token)

  say('\n== The release manager verifies, the auditor looks ==')
  const verified = await countersign(['verify', artifact, '--sigstore', 'local', ...question])
  const inspected = await countersign(['inspect', bundle])
  say('\n== Where it comes from: ticket, session, change, review, build, deployment ==')
  const drawn = await countersign(['graph', bundle, changes, deployed])

  say('\n== A policy refuses it: the model of one session is not allowed ==')
  const policy = await stage.beside('countersign.yaml', policyOfDemo)
  const argued = await countersign(['policy', 'explain', policy, artifact, '--sigstore', 'local'])

  say('\n== Four forgeries ==')
  const refused = await forgeriesOf(stage, repository.released)
  const good =
    witnesses !== undefined &&
    [attested, shipped, verified, inspected, drawn].every((code) => code === 0) &&
    argued === 1
  const count = refused.filter((code) => code === 1).length
  say(
    `\n${good ? 'Attested, verified, inspected, drawn, refused by a policy' : 'The release did NOT come through'}; ${count} of ${refused.length} forgeries refused.`,
  )
  return good && count === refused.length
}
