/** Four ways to lie about the release, each refused. */
import { appendFile, copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signWithLocal } from '../../embedded.ts'
import { artifact, bundle, jobToken, question } from './stage.ts'
import type { Stage } from './stage.ts'

/** The exit code of the command that should have refused it, of each. */
export async function forgeriesOf(stage: Stage, commit: string): Promise<readonly number[]> {
  return [
    await editedArtifact(stage),
    await otherWorkflow(stage, commit),
    await editedSession(stage),
    await otherRepository(stage, commit),
  ]
}

async function editedArtifact({ folder, say, countersign }: Stage): Promise<number> {
  say('\n1. The artifact is edited after it was attested.')
  const edited = 'dist/edited.tgz'
  await copyFile(join(folder, artifact), join(folder, edited))
  await appendFile(join(folder, edited), 'one more byte')
  return countersign(['verify', edited, '--bundle', bundle, '--sigstore', 'local', ...question])
}

async function otherWorkflow(stage: Stage, commit: string): Promise<number> {
  const { folder, state, say, countersign } = stage
  say('\n2. The very same statement, signed by another workflow of the repository.')
  const token = await jobToken(stage, commit, 'helper.yml')
  const { dsseEnvelope } = JSON.parse(await readFile(join(folder, bundle), 'utf8')) as {
    dsseEnvelope: { payload: string }
  }
  const forged = await signWithLocal(state, Buffer.from(dsseEnvelope.payload, 'base64'), token)
  await writeFile(join(folder, 'dist/resigned.json'), forged)
  return countersign(['verify', artifact, '--bundle', 'dist/resigned.json', '--sigstore', 'local', ...question])
}

async function editedSession({ folder, say, countersign }: Stage): Promise<number> {
  say('\n3. The level of an AI session is edited in the signed payload, from claimed to vouched.')
  const forged = JSON.parse(await readFile(join(folder, bundle), 'utf8')) as { dsseEnvelope: { payload: string } }
  const payload = Buffer.from(forged.dsseEnvelope.payload, 'base64').toString('utf8')
  const edited = payload.replace('"level":"claimed"', '"level":"vouched"')
  forged.dsseEnvelope.payload = Buffer.from(edited).toString('base64')
  await writeFile(join(folder, 'dist/edited-session.json'), JSON.stringify(forged))
  return countersign(['verify', artifact, '--bundle', 'dist/edited-session.json', '--sigstore', 'local', ...question])
}

async function otherRepository(stage: Stage, commit: string): Promise<number> {
  const { say, countersign } = stage
  say('\n4. A token for another repository, used on the same checkout.')
  const token = await jobToken(stage, commit, 'release.yml', 'mallory/widget')
  const forged = 'dist/other-repository.json'
  const attested = await countersign(['attest', artifact, '--sigstore', 'local', '--out', forged], token)
  if (attested !== 0) return attested
  return countersign(['verify', artifact, '--bundle', forged, '--sigstore', 'local', ...question])
}
