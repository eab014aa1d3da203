/** A checkout whose Sigstore is out, until the test ends that. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import type { World } from '../../src/platform/world.ts'
import { useCheckouts, useWorkplaces } from './checkout.ts'
import type { Checkout, Workplace } from './checkout.ts'
import { pass, startFaultProxy } from './fault-proxy.ts'
import type { Fault, FaultProxy } from './fault-proxy.ts'
import { issuerAnswers } from './issuer-answers.ts'
import type { Job } from './release.ts'
import { steppedClock } from './stepped-clock.ts'

/** The service that is out. */
export type Duty = 'caUrls' | 'rekorTlogUrls' | 'tsaUrls'

/** A folder whose Sigstore has an outage that can be ended. */
export interface Outage<At extends Workplace = Workplace> {
  readonly at: At
  readonly proxy: FaultProxy
  /** Path of its trust configuration. */
  readonly config: string
  end(): void
}

/** Down for an hour, so that nobody tries again. */
export const downForLong: Fault = { kind: 'status', status: 503, headers: { 'retry-after': '3600' } }

export interface Outages {
  readonly sigstore: () => LocalSigstore
  /** A folder without a repository. */
  readonly workplace: () => Workplace
  /** In a new checkout: out as `first` says, until it is ended; `posts` are let through before that. */
  readonly outage: (duty?: Duty, first?: Fault, posts?: number) => Promise<Outage<Checkout>>
  readonly outageIn: <At extends Workplace>(at: At, duty?: Duty, first?: Fault, posts?: number) => Promise<Outage<At>>
  readonly tokenFor: (at: Workplace, job?: Job) => Promise<string>
  /** A job in that folder, in which waiting for services takes no time. */
  readonly jobWorld: (at: Workplace, token: string) => Partial<World>
}

/** One Sigstore for all tests of a file. */
export function useOutages(): Outages {
  const checkout = useCheckouts()
  const workplace = useWorkplaces()
  let sigstore: LocalSigstore
  beforeAll(async () => {
    sigstore = await startLocalSigstore()
  })
  afterAll(() => sigstore.close())
  const proxies: FaultProxy[] = []
  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((it) => it.close()))
  })

  async function outageIn<At extends Workplace>(
    at: At,
    duty: Duty = 'rekorTlogUrls',
    first: Fault = { kind: 'drop' },
    posts = 0,
  ): Promise<Outage<At>> {
    let fault = first
    let left = posts
    const proxy = await startFaultProxy(sigstore.url, (_, { method }) => {
      if (left === 0) return fault
      if (method === 'POST') left -= 1
      return pass
    })
    proxies.push(proxy)
    const config = structuredClone(sigstore.trustConfig) as { signingConfig: Record<Duty, { url: string }[]> }
    config.signingConfig[duty][0]!.url = duty === 'tsaUrls' ? `${proxy.url}/api/v1/timestamp` : proxy.url
    const path = join(at.folder, '..', 'sigstore.json')
    writeFileSync(path, JSON.stringify(config))
    return { at, proxy, config: path, end: () => (fault = pass) }
  }

  return {
    sigstore: () => sigstore,
    workplace,
    outage: (...args) => outageIn(checkout(), ...args),
    outageIn,
    tokenFor: ({ commit }, job = {}) =>
      sigstore.mintToken(providerClaims(job.provider ?? 'github', { ref: 'refs/tags/v1.1.0', sha: commit, ...job })),
    jobWorld: (at, token) => ({
      ...steppedClock(),
      ...{ cwd: at.folder, env: at.env(token), fetch: issuerAnswers(sigstore) },
    }),
  }
}
