/** A signed artifact on the embedded Sigstore, for measuring the command that verifies it. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { embeddedSigstore, localStateFolder } from '../src/embedded.ts'
import { attest } from '../src/index.ts'

interface BenchRelease {
  readonly artifact: string
  readonly trustedRoot: string
  /** Flags of the question that it passes. */
  readonly question: readonly string[]
}

/** Makes a repository, an artifact and its bundle in an empty folder. */
export async function makeRelease(folder: string): Promise<BenchRelease> {
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@acme.example']
  const git = (...args: readonly string[]): unknown => execFileSync('git', [...identity, ...args], { cwd: folder })
  git('init', '--quiet')
  git('commit', '--quiet', '--allow-empty', '-m', 'Begin')
  writeFileSync(join(folder, 'app.tgz'), 'artifact')
  const env = { PATH: process.env['PATH'], HOME: folder, XDG_STATE_HOME: join(folder, 'state') }
  const { question } = await attest({
    subjects: { paths: ['app.tgz'] },
    sigstore: embeddedSigstore(),
    out: {},
    world: { cwd: folder, env },
  })
  const { signer, issuer, source } = question
  return {
    artifact: 'app.tgz',
    trustedRoot: join(localStateFolder(folder, env), 'trusted_root.json'),
    question: ['--signer', signer ?? '', '--issuer', issuer ?? '', '--source', source ?? ''],
  }
}
