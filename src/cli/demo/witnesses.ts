/** Who saw the session of request 7: the platform that ran the agent, which signs its record, and a gateway, which gives a receipt. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { resolve } from 'node:path'
import { signWithLocal } from '../../embedded.ts'
import { keyFileSigner, publicJwk } from '../../vouch.ts'
import { session } from './repository.ts'
import type { DemoRepository } from './repository.ts'
import { issuer, jobToken, source } from './stage.ts'
import type { Stage } from './stage.ts'

const gateway = 'https://gateway.acme.example'
const minute = 60_000

/** Options of `attest` that name what they left, and who they are; undefined where no receipt was issued. */
export async function witnessesOf(
  stage: Stage,
  { released, record }: DemoRepository,
  began: Date,
): Promise<readonly string[] | undefined> {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'full.jsonl', digest: { sha256: createHash('sha256').update(record).digest('hex') } }],
    predicateType: 'https://w3id.org/countersign/session-record/v1',
    predicate: {},
  }
  const token = await jobToken(stage, released, 'agents.yml')
  const signed = await signWithLocal(stage.state, Buffer.from(JSON.stringify(statement)), token)
  const platform = `${issuer}=${source}/.github/workflows/agents.yml@refs/tags/v1.1.0`

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const keyFile = await stage.beside('gateway.pem', pem)
  const key = publicJwk(await keyFileSigner(resolve(stage.folder, keyFile)))
  await stage.beside('gateway-keys.json', JSON.stringify({ keys: [key] }))
  const issuers = { version: 1, issuers: [{ issuer: gateway, jwks: { file: 'gateway-keys.json' }, users: 'email' }] }
  const list = await stage.beside('issuers.json', JSON.stringify(issuers))

  const receipt = '../trusted/receipt.txt'
  const [startedAt, endedAt] = [new Date(began.getTime() - minute), stage.now()].map((it) => it.toISOString())
  const issued = await stage.countersign([
    ...['receipt', 'issue', '--key-file', keyFile, '--issuer', gateway, '--subject', 'ann@acme.example'],
    ...['--session', session, '--tool', 'claude-code', '--model', 'claude-opus-4-6'],
    ...['--audience', `git+${source}`, '--started-at', startedAt ?? '', '--ended-at', endedAt ?? '', '--out', receipt],
  ])
  if (issued !== 0) return undefined
  return [
    ...['--record-attestations', await stage.beside('records.jsonl', `${signed}\n`), '--allowed-identity', platform],
    ...['--receipt', receipt, '--receipt-issuers', list],
  ]
}
