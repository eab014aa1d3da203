/**
 * `countersign demo`: a release from end to end, and four forgeries that are refused. It makes a repository in a temporary
 * folder and runs the real commands in it; each answer below a `$` line is what the command printed.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { localStateFolder, mintLocalJobToken, signWithLocal } from '../../embedded.ts'
import { CountersignError } from '../../index.ts'
import type { Terminal } from '../terminal.ts'

const run = promisify(execFile)

const issuer = 'https://oidc.countersign.localhost'
const source = 'https://github.com/acme/widget'
const signer = `${source}/.github/workflows/release.yml@refs/tags/v1.1.0`
const artifact = 'dist/widget-1.1.0.tgz'
const bundle = `${artifact}.sigstore.json`
const question = ['--signer', signer, '--issuer', issuer, '--source', source]

/** Runs a command line, as `main.ts` does; handed in, because that is what starts the demonstration. */
type Main = (argv: readonly string[], terminal: Terminal) => Promise<number>

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

/** The folder that plays the repository, and how its commands are run and shown. */
interface Stage {
  readonly folder: string
  readonly state: string
  readonly say: (text: string) => void
  /** Runs a countersign command and returns its exit code; the token is what a CI job would have. */
  readonly countersign: (args: readonly string[], token?: string) => Promise<number>
  readonly git: (...args: readonly string[]) => Promise<string>
}

function stageIn(folder: string, home: string, terminal: Terminal, main: Main): Stage {
  const say = (text: string): void => void terminal.stdout.write(`${text}\n`)
  // A repository of its own: neither the person's git configuration nor a CI job around this one has a say.
  const identity = {
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@acme.example',
    GIT_COMMITTER_NAME: 'Ann',
    GIT_COMMITTER_EMAIL: 'ann@acme.example',
  }
  const env = { PATH: terminal.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
  return {
    folder,
    state: localStateFolder(folder, env),
    say,
    async countersign(args, token) {
      say(`\n$ ${token === undefined ? '' : 'SIGSTORE_ID_TOKEN=… '}countersign ${args.join(' ')}`)
      const job = token === undefined ? env : { ...env, CI: 'true', SIGSTORE_ID_TOKEN: token }
      return main(args, { ...terminal, cwd: folder, env: job, stderr: terminal.stdout })
    },
    async git(...args) {
      const { stdout } = await run('git', [...args], { cwd: folder, env: { ...env, ...identity } }).catch(
        (cause: unknown) => {
          throw new CountersignError('git-failed', 'the demo needs git', { cause })
        },
      )
      return stdout.trim()
    },
  }
}

async function demonstrate(stage: Stage): Promise<boolean> {
  stage.say('A repository: two commits with AI sessions (a trailer, a git-ai note), one without.')
  const commit = await makeRepository(stage)
  stage.say(await stage.git('log', '--format=%h %s', '--reverse'))

  stage.say('\n== The release job attests, under its own identity ==')
  const token = await mintLocalJobToken(stage.state, 'github', jobOf('acme/widget', 'release.yml', commit))
  const attested = await stage.countersign(['attest', artifact, '--sigstore', 'local'], token)

  stage.say('\n== The release manager verifies, the auditor looks ==')
  const verified = await stage.countersign(['verify', artifact, '--sigstore', 'local', ...question])
  const inspected = await stage.countersign(['inspect', bundle])

  stage.say('\n== Four forgeries ==')
  const refused = [
    await editedArtifact(stage),
    await otherWorkflow(stage, commit),
    await editedSession(stage),
    await otherRepository(stage, commit),
  ]
  const good = [attested, verified, inspected].every((code) => code === 0)
  const count = refused.filter((code) => code === 1).length
  stage.say(
    `\n${good ? 'Attested, verified, inspected' : 'The release did NOT come through'}; ${count} of ${refused.length} forgeries refused.`,
  )
  return good && count === refused.length
}

function jobOf(
  repository: string,
  workflow: string,
  commit: string,
): { repository: string; workflow: string; ref: string; sha: string } {
  return { repository, workflow, ref: 'refs/tags/v1.1.0', sha: commit }
}

/** Commits, a note, a tag and an artifact; returns the commit that is released. */
async function makeRepository({ folder, git }: Stage): Promise<string> {
  const commit = async (file: string, text: string, ...message: readonly string[]): Promise<string> => {
    await writeFile(join(folder, file), text)
    await git('add', '--all')
    await git('commit', '--quiet', ...message.flatMap((paragraph) => ['-m', paragraph]))
    return git('rev-parse', 'HEAD')
  }
  await mkdir(folder)
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', `${source}.git`)
  await writeFile(join(folder, '.gitignore'), 'dist/\n')
  await commit('README', 'widget\n', 'Begin')
  await git('tag', 'v1.0.0')
  await commit(
    'parse.js',
    'export const parse = (text) => JSON.parse(text)\n',
    'Parse widgets',
    'Claude-Session: https://claude.ai/code/session_01DemoParseWidgets',
    'Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>',
  )
  const noted = await commit('limit.js', 'export const limit = 100\nexport const retries = 3\n', 'Limit widgets')
  await git('notes', '--ref=ai', 'add', '-m', gitAiNote(noted), noted)
  const released = await commit('README', 'widget 1.1.0\n', 'Release 1.1.0')
  await git('tag', 'v1.1.0')
  await mkdir(join(folder, 'dist'))
  await git('archive', '--format=tgz', `--output=${artifact}`, 'HEAD')
  return released
}

/** A note as git-ai writes it (authorship/3.0.0): one session, two lines of limit.js. */
function gitAiNote(commit: string): string {
  const id = '0b9fd4c2-6a1e-4d5b-9c33-7f1f2f0a9e11'
  const key = `s_${createHash('sha256').update(`cursor:${id}`).digest('hex').slice(0, 14)}`
  const metadata = {
    schema_version: 'authorship/3.0.0',
    base_commit_sha: commit,
    prompts: {},
    sessions: { [key]: { agent_id: { tool: 'cursor', id, model: 'gpt-5.2-codex' } } },
  }
  return `limit.js\n  ${key}::t_00000000000001 1-2\n---\n${JSON.stringify(metadata)}`
}

async function editedArtifact({ folder, say, countersign }: Stage): Promise<number> {
  say('\n1. The artifact is edited after it was attested.')
  const edited = 'dist/edited.tgz'
  await copyFile(join(folder, artifact), join(folder, edited))
  await appendFile(join(folder, edited), 'one more byte')
  return countersign(['verify', edited, '--bundle', bundle, '--sigstore', 'local', ...question])
}

async function otherWorkflow({ folder, state, say, countersign }: Stage, commit: string): Promise<number> {
  say('\n2. The very same statement, signed by another workflow of the repository.')
  const token = await mintLocalJobToken(state, 'github', jobOf('acme/widget', 'helper.yml', commit))
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

async function otherRepository({ state, say, countersign }: Stage, commit: string): Promise<number> {
  say('\n4. A token for another repository, used on the same checkout.')
  const token = await mintLocalJobToken(state, 'github', jobOf('mallory/widget', 'release.yml', commit))
  const forged = 'dist/other-repository.json'
  const attested = await countersign(['attest', artifact, '--sigstore', 'local', '--out', forged], token)
  if (attested !== 0) return attested
  return countersign(['verify', artifact, '--bundle', forged, '--sigstore', 'local', ...question])
}
