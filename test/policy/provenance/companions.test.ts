/** What must stand beside the provenance: further statements, rebuilders, the source, the release before. */
import { describe, expect, test } from 'vitest'
import type { RebuildComparisonPredicate } from '../../../src/predicates/rebuild-comparison.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { commitOf, editedProvenance, toldRelease } from '../../world/policy-changes.ts'
import type { Told } from '../../world/policy-changes.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../../world/policy-release.ts'
import { rebuildStatement } from '../../world/rebuild.ts'
import { edited, useRelease } from '../../world/release.ts'
import type { EditableBundle, Job } from '../../world/release.ts'
import { isEach, part } from '../../world/runs.ts'

const release = useRelease()
const scanType = 'https://acme.example/scan/v1'
const scanner: Job = { repository: 'acme/scans', workflow: 'scan.yml' }

const signerOf = (repo: string, workflow: string): object => ({ repo, workflow, issuer: release().sigstore.issuer })

async function rows(provenance: object, bundles: readonly object[], more: object = {}): Promise<string[]> {
  return refusalsIn(await judgeBy(release(), bundles, policyText(release(), { provenance, ...more })))
}

function scanOf(
  job: Job,
  edit: (statement: { subject: { digest: Record<string, string> }[] }) => void = () => undefined,
) {
  const statement = { ...release().statement(job), predicateType: scanType, predicate: { found: 0 } }
  return release().sign(edited(statement, edit as never), job)
}

describe('provenance/companions', () => {
  const missing = ['provenance/companions fail companion-missing']
  const asked = () => ({
    companions: [{ name: 'scan', predicateType: scanType, signers: [signerOf('acme/scans', 'scan.yml')] }],
  })

  test('are each by a signer of their own', async () => {
    const bundle = await release().genuine(releaseJob)
    expect(await rows(asked(), [bundle, await scanOf(scanner)])).toEqual([])
    expect(await rows(asked(), [bundle])).toEqual(missing)
    // Whoever signs the release is no scanner, and a scanner no release.
    expect(await rows(asked(), [bundle, await scanOf(releaseJob)])).toEqual(missing)
    expect(await rows(asked(), [await scanOf(scanner)])).toEqual(['identity/signers fail evidence-missing'])
  })

  test('are about this very artifact', async () => {
    const other = await scanOf(scanner, (it) => (it.subject[0]!.digest = { sha256: 'f'.repeat(64) }))
    expect(await rows(asked(), [await release().genuine(releaseJob), other])).toEqual(missing)
  })

  test('are all there: one does not stand for another', async () => {
    const two = {
      companions: [
        ...asked().companions,
        { ...asked().companions[0], name: 'licences', predicateType: `${scanType}2` },
      ],
    }
    const bundles = [await release().genuine(releaseJob), await scanOf(scanner), await scanOf(scanner)]
    expect(await rows(two, bundles)).toEqual(missing)
    const late = { companions: two.companions.toReversed() }
    expect(await rows(late, bundles)).toEqual(missing)
  })

  test('are not the provenance itself, however often it is given', async () => {
    const companions = [
      {
        name: 'second',
        predicateType: 'https://slsa.dev/provenance/v1',
        signers: [signerOf('acme/widget', 'release.yml')],
      },
    ]
    const bundle = await release().genuine(releaseJob)
    expect(await rows({ companions }, [bundle, bundle])).toEqual(missing)
    expect(await rows({ companions }, [bundle, await release().attested({ ...releaseJob, runId: '2' })])).toEqual([])
    // The statement of changes answers beside the provenance, and is none.
    expect(await rows({ companions }, await toldRelease(release()))).toEqual(missing)
  })

  test.each(part(['rebuilders', 'scan'], 2))('are each called another name: not %s again', async (name) => {
    const companions = [...asked().companions, { ...asked().companions[0], name }]
    expect(await codeOfAsync(async () => rows({ companions }, [await scanOf(scanner)]))).toBe('policy-malformed')
  })

  test.runIf(isEach)('are bounded, with all their signers', async () => {
    const signers = [
      { ...signerOf('acme/scans', 'scan.yml'), refs: Array.from({ length: 257 }, (_, at) => `refs/heads/b${at}`) },
    ]
    const companions = [{ ...asked().companions[0], signers }]
    expect(await codeOfAsync(async () => rows({ companions }, [await scanOf(scanner)]))).toBe('policy-malformed')
  })
})

describe('provenance/rebuilders', () => {
  const few = ['provenance/rebuilders fail rebuilders-too-few']
  const asked = (atLeast: number) => ({
    rebuilders: {
      atLeast,
      signers: ['one/rebuilds', 'two/rebuilds', 'acme/widget'].map((it) => ({
        ...signerOf(it, 'rebuild.yml'),
      })),
    },
  })
  const by = (repository: string, edit?: (it: RebuildComparisonPredicate) => unknown, more: Partial<Job> = {}) => {
    const job = { repository, workflow: 'rebuild.yml', ...more }
    return release().sign(rebuildStatement(release(), job, edit), job)
  }

  test('are so many others', async () => {
    const bundle = await release().genuine(releaseJob)
    expect(await rows(asked(2), [bundle, await by('one/rebuilds'), await by('two/rebuilds')])).toEqual([])
    expect(await rows(asked(2), [bundle, await by('one/rebuilds')])).toEqual(few)
    expect(await rows(asked(1), [bundle])).toEqual(['provenance/rebuilders fail evidence-missing'])
    expect(await rows(asked(1), [bundle, await by('three/rebuilds')])).toEqual([
      'provenance/rebuilders fail evidence-missing',
    ])
  })

  test('count once each, however often they rebuilt', async () => {
    const [bundle, one] = [await release().genuine(releaseJob), await by('one/rebuilds')]
    const again = await by('one/rebuilds', undefined, { runId: '2', ref: 'refs/heads/other' })
    expect(await rows(asked(2), [bundle, one, one, again])).toEqual(few)
  })

  test.runIf(isEach)(
    'are still two beside a third that has something in common with both: leaving it out would make them two',
    async () => {
      const workflow = 'one/rebuilds/.github/workflows/rebuild.yml'
      const third = await by('two/rebuilds', undefined, { workflow: `${workflow}@refs/heads/main` })
      const { issuer } = release().sigstore
      const own = { repo: 'two/rebuilds', signerWorkflow: workflow, issuer, anyCaller: true }
      const rebuilders = { atLeast: 2, signers: [...asked(2).rebuilders.signers, own] }
      const bundle = await release().genuine(releaseJob)
      const both = [await by('one/rebuilds'), await by('two/rebuilds')]
      expect(await rows({ rebuilders }, [bundle, ...both, third])).toEqual([])
      expect(await rows({ rebuilders }, [bundle, both[0]!, third])).toEqual(few)
    },
  )

  test('are not who built it', async () => {
    expect(await rows(asked(1), [await release().genuine(releaseJob), await by('acme/widget')])).toEqual(few)
  })

  test('got the same bytes', async () => {
    const differs = (it: RebuildComparisonPredicate): void => {
      it.outcome = 'differs'
      it.rebuilt.digest.sha256 = 'f'.repeat(64)
    }
    const bundles = [await release().genuine(releaseJob), await by('one/rebuilds'), await by('two/rebuilds', differs)]
    expect(await rows(asked(2), bundles)).toEqual(few)
  })
})

describe('provenance/source-chain', () => {
  const id = 'provenance/source-chain'
  const guard = { uri: 'https://guard.example/bot', issuer: 'https://issuer.example', root: 'own' }
  const said = {
    ...{ predicateType: 'https://guard.example/v1', payload: { sha256: 'a'.repeat(64) }, signer: guard },
    ...{ time: '2026-03-01T00:00:00Z', controls: [{ name: 'REVIEWED' }], levels: ['SLSA_SOURCE_LEVEL_3'] },
  }
  const sourceChain = { signers: [{ signer: guard.uri, issuer: guard.issuer }] }
  const at = async (asked: object, source: readonly object[] | undefined, told: Told = {}): Promise<string[]> => {
    const first = source === undefined ? {} : { source }
    return rows({ sourceChain: { ...sourceChain, ...asked } }, await toldRelease(release(), { first, ...told }))
  }
  const unproved = [`${id} fail source-unproved`]

  test('leads to a signer that may speak for the source', async () => {
    expect(await at({}, [said])).toEqual([])
    expect(await at({}, [{ ...said, signer: { ...guard, issuer: 'https://other.example' } }])).toEqual(unproved)
    expect(await at({}, [{ ...said, signer: { ...guard, uri: 'https://other.example/bot' } }])).toEqual(unproved)
    expect(await at({}, [])).toEqual(unproved)
  })

  test('asks for controls and levels, which that signer must have said', async () => {
    expect(await at({ controls: ['REVIEWED'], levels: ['SLSA_SOURCE_LEVEL_2'] }, [said])).toEqual([])
    expect(await at({ levels: ['SLSA_SOURCE_LEVEL_4'] }, [said])).toEqual(unproved)
    expect(await at({ levels: ['SLSA_BUILD_LEVEL_2'] }, [said])).toEqual(unproved)
    const other = { ...said, signer: { ...guard, issuer: 'https://other.example' }, controls: [{ name: 'SIGNED' }] }
    expect(await at({ controls: ['SIGNED'] }, [said, other])).toEqual(unproved)
  })

  test('is about the commit that was built, and no other', async () => {
    const others = [{ commit: commitOf('7'), source: [said] }]
    expect(await at({}, undefined, { others })).toEqual([`${id} fail evidence-missing`])
  })

  test('has nothing to look at without the statement of changes', async () => {
    const [provenance] = await toldRelease(release(), { first: { source: [said] } })
    expect(await rows({ sourceChain }, [provenance])).toEqual([`${id} fail evidence-missing`])
  })
})

describe('provenance/range', () => {
  const id = 'provenance/range'
  const before = commitOf('a')
  const asked = { range: { reasons: ['version-before', 'adopted'] } }
  const signed = (range: object | undefined, job: Job = releaseJob, edit?: Told['edit']): Promise<EditableBundle> => {
    const told = { job, ...(range === undefined ? {} : { range }), ...(edit === undefined ? {} : { edit }) }
    return release().sign(editedProvenance(release(), told), job)
  }

  async function at(
    range: object | undefined,
    previous?: object | readonly object[],
    more: object = {},
  ): Promise<string[]> {
    const silent: Told['edit'] = range === undefined ? (it) => delete it.predicate.runDetails.byproducts : undefined
    const text = policyText(release(), { provenance: { range: { ...asked.range, ...more } } })
    const given =
      previous === undefined
        ? {}
        : {
            previous: release().write(
              [previous]
                .flat()
                .map((it) => JSON.stringify(it))
                .join('\n'),
            ),
          }
    return refusalsIn(await judgeBy(release(), [await signed(range, releaseJob, silent)], text, given))
  }

  test('begins for a reason that the policy names, and is whole', async () => {
    expect(await at({})).toEqual([])
    expect(await at({ reason: 'asked' })).toContain(`${id} fail range-reason-refused`)
    expect(await at({ reason: undefined })).toContain(`${id} fail evidence-missing`)
    expect(await at({ cut: true })).toContain(`${id} fail range-cut`)
    expect(await at(undefined)).toEqual([`${id} fail evidence-missing`])
  })

  const job = (sha: string, more: Partial<Job> = {}): Job => ({ ...releaseJob, sha, runId: '1', ...more })
  const later = { since: before, reason: 'version-before' }

  test('begins where the release before ended', async () => {
    expect(await at(later, await signed({}, job(before)))).toEqual([])
    expect(await at(later, await signed({}, job(commitOf('b'))))).toEqual([`${id} fail range-gap`])
    // One of several is enough, in whatever order.
    expect(await at(later, [await signed({}, job(before)), await signed({}, job(commitOf('b')))])).toEqual([])
  })

  test('is no pass where nobody gave the release before, unless the policy says so', async () => {
    expect(await at(later)).toEqual([`${id} fail evidence-missing`])
    expect(await at(later, undefined, { withoutPrevious: 'allow' })).toEqual([`${id} skipped`])
    expect(await at(later, await signed({}, job(commitOf('b'))), { withoutPrevious: 'allow' })).toEqual([
      `${id} fail range-gap`,
    ])
  })

  test('is no pass by a release before that does not hold', async () => {
    const missing = [`${id} fail evidence-missing`]
    expect(await at(later, await signed({}, job(before, { workflow: 'other.yml' })))).toEqual(missing)
    const forged = edited(await signed({}, job(before)), (it) => {
      it.dsseEnvelope.payload = Buffer.from('{}').toString('base64')
    })
    expect(await at(later, forged)).toEqual(missing)
  })

  test('is no pass by a release before of another repository, or one that was revoked', async () => {
    const issuer = release().sigstore.issuer
    const signers = [
      { repo: 'acme/widget', workflow: 'release.yml', issuer },
      { repo: 'acme/fork', workflow: 'release.yml', issuer },
    ]
    const fork = await signed({}, job(before, { repository: 'acme/fork' }))
    const previous = release().write(fork)
    const text = policyText(release(), { identity: { signers }, provenance: asked })
    const missing = [`${id} fail evidence-missing`]
    expect(refusalsIn(await judgeBy(release(), [await signed(later)], text, { previous }))).toEqual(missing)
    const revoked = [{ kind: 'run', value: 'https://github.com/acme/widget/actions/runs/1', reason: 'x' }]
    const own = release().write(await signed({}, job(before)))
    const stolen = policyText(release(), { revoked, provenance: asked })
    expect(refusalsIn(await judgeBy(release(), [await signed(later)], stolen, { previous: own }))).toEqual(missing)
  })

  test.runIf(isEach)('is asked of bytes and of parsed bundles as of a file', async () => {
    const text = policyText(release(), { provenance: asked })
    const previous = Buffer.from(JSON.stringify(await signed({}, job(before))))
    for (const given of [previous, [previous]]) {
      expect(refusalsIn(await judgeBy(release(), [await signed(later)], text, { previous: given }))).toEqual([])
    }
  })

  test('is not decided where the release before cannot be read', async () => {
    const text = policyText(release(), { provenance: asked })
    const verdict = await judgeBy(release(), [await signed(later)], text, { previous: 'nowhere.json' })
    expect(verdict.outcome).toBe('undecided')
  })

  test.runIf(isEach)('is not narrowed by what is asked of this release alone', async () => {
    const text = policyText(release(), { provenance: asked })
    const bundle = await signed(later, { ...releaseJob, ref: 'refs/tags/v2.0.0' })
    const previous = release().write(await signed({}, job(before, { ref: 'refs/tags/v1.0.0' })))
    const verdict = await judgeBy(release(), [bundle], text, { previous, beside: { sourceTag: 'v2' } })
    expect(refusalsIn(verdict)).toEqual([])
  })
})
