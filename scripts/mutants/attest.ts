/** The attesting flow: what is refused before anything is signed, and before anything is written. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const attest: readonly Edit[] = [
  ...inFile(
    'attest/attest.ts',
    ['attest/attest.test.ts'],
    [
      {
        rule: 'An output of this run that is a subject of the next one',
        find: '...(out?.path === undefined ? [] : [out.path])',
        replace: '',
      },
      {
        rule: 'A statement of changes that is written over an artifact',
        find: 'await refuseSubject(path, placing.files)',
        replace: '',
        tests: ['attest/changes.test.ts'],
      },
      {
        rule: 'A statement of changes in the place of the provenance, which is lost',
        find: 'places.slice(1).some((it) => it === places[0])',
        replace: 'false',
        tests: ['attest/changes.test.ts'],
      },
      {
        rule: 'Changes that are signed for a provenance that cannot be written',
        find: 'refuseOther(own.make, goal)',
        replace: '',
        tests: ['attest/changes.test.ts'],
      },
      {
        rule: 'Changes that are signed for several provenances, one of which cannot be written',
        find: 'for (const { make, goal } of pending) refuseOther(make, goal)',
        replace: '',
        tests: ['attest/changes.test.ts'],
      },
      {
        rule: 'A work tree that differs from the commit',
        find: "if (!dirty || isTrial || request.worktree === 'allow-dirty') return",
        replace: 'if (true) return',
      },
      {
        rule: 'A work tree that differs from the commit, in a job that only its token tells',
        find: ' && !isCi(world.env) && !hasToken(request, world)',
        replace: ' && !isCi(world.env)',
      },
    ],
  ),

  ...inFile(
    'attest/deployment.ts',
    ['attest/deployment.test.ts'],
    [
      {
        rule: 'A deployment in another environment than the token names',
        find: 'if (certified === undefined || certified === environment) return',
        replace: 'if (true) return',
      },
      {
        rule: 'A deployment of a private repository in the public log',
        find: '    refusePrivateToPublic(request, goal)\n',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'attest/rebuild.ts',
    ['attest/rebuild.test.ts'],
    [
      {
        rule: 'A link of the checkout whose digest a rebuild signs',
        find: '  for (const path of [released, rebuilt]) await refuseLinksBelow(root, path)\n',
        replace: '',
      },
      {
        rule: 'A secret in the source of a rebuild',
        find: 'if (isAddress && isCommitId(commit)) return',
        replace: 'if (isCommitId(commit)) return',
      },
    ],
  ),

  ...inFile(
    'attest/deployment-words.ts',
    ['attest/deployment.test.ts'],
    [
      {
        rule: 'A password in the target of a deployment',
        find: "url.username !== '' || url.password !== '' || ",
        replace: '',
      },
      {
        rule: 'A token in the query of the target of a deployment',
        find: 'if (hasUser || /[?#]/.test(text))',
        replace: 'if (hasUser)',
      },
      {
        rule: 'A place on this machine as the target of a deployment',
        find: "if (url.protocol === 'file:')",
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'attest/deployed-provenance.ts',
    ['attest/deployment.test.ts'],
    [
      {
        rule: 'Provenance of another file than what is deployed',
        find: 'if (own.length === 0) {',
        replace: 'if (false) {',
      },
      {
        rule: 'A deployment in the place of the provenance of what is deployed',
        find: 'if (!buildProvenanceTypes.includes(predicateType)) continue',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'attest/range.ts',
    ['cli/sessions.test.ts'],
    [
      {
        rule: 'People, or whatever else a change has, in a report that is posted',
        find: '...{ commit, parents: [...parents], request },',
        replace: '...arguments[0], ...{ parents: [...parents], request },',
      },
    ],
  ),

  ...inFile(
    'attest/asked-range.ts',
    ['cli/sessions.test.ts'],
    [
      {
        rule: 'A question to the remote where that was forbidden',
        find: "const asksRemote = request.network !== 'none'",
        replace: 'const asksRemote = true',
      },
    ],
  ),

  ...inFile(
    'attest/checkout.ts',
    ['attest/attest.test.ts'],
    [
      {
        rule: 'A token for another commit than was built',
        find: 'if (built === undefined) {',
        replace: 'if (false) {',
      },
      {
        rule: 'What was built, of another history than the commit of the token',
        find: '(await isDescendant(repository, source.commit, commit))',
        replace: 'true',
      },
      {
        rule: 'A job without a checkout whose token names no commit',
        find: 'if (commit === undefined || uri === undefined) throw noCheckout()',
        replace: '',
      },
      {
        rule: 'A question about commits where there are none',
        find: 'if (asked !== undefined) {',
        replace: 'if (false) {',
      },
    ],
  ),

  ...inFile(
    'attest/sign-and-write.ts',
    ['attest/attest.test.ts'],
    [
      {
        rule: 'A signed bundle that nobody keeps while its file is locked',
        find: "if (typeof place === 'string') kept = place",
        replace: "if (typeof place === 'string') await removeKept(place)",
      },
      {
        rule: 'The name of a private repository in a public log',
        find: "if (sigstore.kind === 'public' && visibility !== 'public' && publishPrivate !== true)",
        replace: 'if (false)',
      },
      {
        rule: 'A forged bundle of this very statement, taken for ours',
        find: "const question = attempt(() => verifyOwn(before, own, trust, 'nothing was signed'))",
        replace: 'const question = attempt(() => ({}) as QuestionOptions)',
      },
      {
        rule: 'A signed bundle that is lost where its place is taken',
        find: 'throw await kept(failure, bundle, out)',
        replace: 'throw failure',
      },
      {
        rule: 'A bundle of ours that nobody could verify',
        find: "if (verdict.outcome === 'pass') return question",
        replace: 'return question',
        tests: ['attest/before-logging.test.ts'],
      },
    ],
  ),

  ...inFile(
    'attest/output.ts',
    ['attest/attest.test.ts'],
    [
      {
        rule: 'A subject that its own bundle is written to',
        find: 'if (same === undefined) return',
        replace: 'return',
      },
      {
        rule: 'A bundle beside another statement about the same subject, unasked',
        find: "status === undefined || whenPresent === 'append' ? [] :",
        replace: 'status !== undefined ? [] :',
      },
      {
        rule: 'A link as the output, known only when all is signed',
        find: 'await lstat(path)',
        replace: 'await (await import("node:fs/promises")).stat(path)',
      },
    ],
  ),

  ...inFile(
    'attest/prepared-statement.ts',
    ['attest/resume.test.ts'],
    [
      {
        rule: 'A statement of another attempt that does not say so',
        find: "...(runDetails.byproducts ?? []), preparedInDescriptor(before ?? '')",
        replace: '...(runDetails.byproducts ?? [])',
      },
      {
        rule: "Another job's statement under the token of this one",
        find: 'if (foreign.length > 0)',
        replace: 'if (false)',
      },
      {
        rule: 'A prepared statement of another type, which nobody compares',
        find: "if (foreign === undefined) return ['predicateType']",
        replace: 'if (foreign === undefined) return []',
      },
      {
        rule: 'A file that was built again since its statement was prepared',
        find: 'if (!algorithms.every((algorithm) => now[algorithm] === digest[algorithm]))',
        replace: 'if (false)',
      },
      {
        rule: 'A prepared statement of changes that nobody compares',
        find: '[changeProvenanceV1, foreignChangeFields],',
        replace: '[changeProvenanceV1, () => []],',
        tests: ['attest/changes-later.test.ts'],
      },
      {
        rule: 'A prepared deployment that nobody compares',
        find: '[deploymentV1, foreignDeploymentFields],',
        replace: '[deploymentV1, () => []],',
        tests: ['attest/deployment.test.ts'],
      },
    ],
  ),

  ...inFile(
    'attest/prepared-together.ts',
    ['attest/changes-later.test.ts'],
    [
      {
        rule: 'A kept provenance that is logged before what it names',
        find: 'return [...changes, ...others]',
        replace: 'return held',
      },
      {
        rule: 'Kept changes that were swapped, and a provenance that names others',
        find: 'if (own === undefined) throw mismatch(',
        replace: 'if (own === undefined) continue; if (Number.isNaN(1)) throw mismatch(',
      },
      {
        rule: 'Kept changes of another range than the provenance says',
        find: 'if (own.range?.since !== range?.since || own.range?.until !== range?.until)',
        replace: 'if (false)',
      },
      {
        rule: 'Kept changes that the provenance beside them does not name',
        find: 'if (unnamed !== undefined)',
        replace: 'if (false)',
      },
      {
        rule: 'Half of a pair that is signed without a word of the other',
        find: 'if (waiting !== undefined) return',
        replace: 'if (false) return',
      },
    ],
  ),

  ...inFile(
    'attest/deferred.ts',
    ['attest/changes-later.test.ts'],
    [
      {
        rule: 'A part of what was to be kept, taken for all of it',
        find: 'await removeUnsigned(path, sha256)',
        replace: 'void [path, sha256]',
      },
    ],
  ),

  ...inFile(
    'attest/resume.ts',
    ['attest/changes-later.test.ts'],
    [
      {
        rule: 'A kept statement that is logged twice',
        find: 'if (files.has(real))',
        replace: 'if (false)',
      },
      {
        rule: 'A bundle in the place of the one that was written before it',
        find: "if (place !== undefined && taken.has(place) && out?.mode !== 'append')",
        replace: 'if (false)',
      },
    ],
  ),
]
