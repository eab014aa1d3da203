/** Verified statement and question: the rules, how a question is read, and what cannot all be true. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const policy: readonly Edit[] = [
  ...inFile(
    'policy/rules/accepted.ts',
    ['policy/rules.test.ts'],
    [
      {
        rule: 'An input that was asked for and is another',
        find: 'found.every((it) => it.declared === it.value)',
        replace: 'found.every((it) => it.declared !== undefined)',
      },
    ],
  ),

  ...inFile(
    'policy/evaluate.ts',
    ['policy/rules.test.ts'],
    [
      {
        rule: 'A yes of which nothing was checked',
        find: "checks.some((it) => it.outcome === 'pass') &&",
        replace: '',
      },
      {
        rule: 'A yes beside a check that failed',
        find: "&& checks.every((it) => it.outcome !== 'fail')",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'policy/rules/accepted.ts',
    ['policy/rules.test.ts'],
    [
      {
        rule: 'A trigger that is asked of a key',
        find: "return [fail('trigger', 'not-answerable', expected, noCertificate)]",
        replace: "return [skip('trigger', noCertificate)]",
      },
    ],
  ),

  ...inFile(
    'policy/rules/provenance.ts',
    ['forgeries'],
    [
      {
        rule: 'A build type of another platform, where strictness was asked for',
        find: 'if (found === provider) return [pass(rule, provider, found)]',
        replace: 'return [pass(rule, provider, found)]',
      },
    ],
  ),

  ...inFile(
    'policy/shorthands.ts',
    ['policy/question.test.ts'],
    [
      {
        rule: 'A reusable workflow that anybody may call',
        find: 'if (anyCaller !== true && !liesIn(rest.signer, place))',
        replace: 'if (false)',
      },
      {
        rule: 'An owner that is everybody',
        find: 'name !== undefined && wholeOwner.test(name) && server !== undefined',
        replace: 'name !== undefined && server !== undefined',
      },
      {
        rule: 'A page of a repository, taken for another one',
        find: 'more.length !== 1 ||',
        replace: '',
      },
      {
        rule: 'A host that is called like a forge',
        find: 'forge !== given && !gitlab.issuers.includes(forge)',
        replace: 'false',
      },
    ],
  ),

  ...inFile(
    'policy/github-names.ts',
    ['policy/rules.test.ts'],
    [
      {
        rule: 'Letter case that makes no difference for an issuer that is none of GitHub',
        find: 'return issuer === gitHubIssuer || issuer.startsWith(`${gitHubIssuer}/`) ? server : undefined',
        replace: 'return server',
      },
      {
        rule: 'Letter case that makes no difference on another server',
        find: 'if (!text.startsWith(root)) return text',
        replace: '',
      },
      {
        rule: 'Letter case that makes no difference in a ref, or in the name of a file',
        find: '...rest].join',
        replace: '...rest.map(small)].join',
      },
    ],
  ),

  ...inFile(
    'policy/question.ts',
    ['policy/question.test.ts'],
    [
      {
        rule: 'A pattern that fits everybody at a host, or at any',
        find: 'if (fits) return',
        replace: 'return',
        tests: ['forgeries'],
      },
      {
        rule: 'A part that is malformed, answered with a "no"',
        find: 'shape?.fits(text) !== false) return',
        replace: 'true) return',
      },
      {
        rule: 'A question without signer or issuer',
        find: "if (first === undefined) return 'certificate'",
        replace: "return 'certificate'",
      },
      {
        rule: 'A question without a source',
        find: "if (texts.source !== undefined) return 'asked'",
        replace: "return 'asked'",
      },
      {
        rule: 'A misspelt part of a question, read as not asked',
        find: 'if (part === undefined) throw new',
        replace: 'if (part === undefined) continue\n    if (false) throw new',
      },
      {
        rule: 'A "no" that is read as a waiver',
        find: "if (value !== (part.kind === 'waiver' ? part.answer : true))",
        replace: 'if (false)',
        tests: ['policy/question.test.ts', 'model/requests.test.ts'],
      },
      {
        rule: 'A release tag that only begins like the one that was asked for',
        find: 'tag.startsWith(`${asked}.`)',
        replace: 'tag.startsWith(asked)',
        tests: ['verify/verify.test.ts', 'forgeries'],
      },
      {
        rule: 'A build on the change of a stranger, where nothing was said of triggers',
        find: '{ refuse: foreignTriggers }',
        replace: '{ refuse: [] }',
      },
      {
        rule: 'A self-hosted runner, where nothing was said of runners',
        find: "options.switches.selfHostedRunner === true ? 'allow' : 'refuse'",
        replace: "'allow'",
      },
    ],
  ),

  ...inFile(
    'policy/rules/accepted.ts',
    ['policy/rules.test.ts', 'verify/verify.test.ts'],
    [
      {
        rule: 'An attestation of another type than was asked for',
        find: 'predicateTypes.includes(found)',
        replace: 'true',
      },
      {
        rule: 'A build on the change of a stranger',
        find: 'triggers.refuse.includes(found)',
        replace: 'false',
        tests: ['verify/verify.test.ts', 'forgeries'],
      },
      { rule: 'A build on the machine of somebody', find: 'hostedRunners.includes(found)', replace: 'true' },
    ],
  ),

  ...inFile(
    'policy/rules/source-tree.ts',
    ['policy/rules.test.ts'],
    [
      {
        rule: 'A commit that the job made, which nobody accepted',
        find: "if (question.builtCommit === 'allow')",
        replace: 'if (true)',
      },
      {
        rule: 'A built commit that only the range of the sessions betrays',
        find: 'return named ?? attribution?.range.until',
        replace: 'return named',
      },
      {
        rule: 'Silence about the work tree, where a clean one was asked for',
        find: "return [isAsked ? fail(rule, 'not-answerable', expected, note) : skip(rule, note)]",
        replace: 'return [skip(rule, note)]',
      },
      {
        rule: 'A work tree of which something was left out, and little is said',
        find: '&& tree.sparse === undefined',
        replace: '',
      },
      {
        rule: 'Commits that nobody looked at, where strictness was asked for',
        find: "reason === 'not-collected' ||",
        replace: '',
      },
      {
        rule: 'A history that was cut, where strictness was asked for',
        find: '|| cut === true',
        replace: '',
      },
      {
        rule: 'A work tree that nobody looked at, where strictness was asked for',
        find: 'if (predicate.tree === undefined)',
        replace: 'if (false)',
      },
      { rule: 'A work tree that was not clean', find: 'if (isClean(tree))', replace: 'if (tree.dirty !== true)' },
    ],
  ),

  ...inFile(
    'policy/rules/asked.ts',
    ['policy/rules.test.ts', 'verify/verify.test.ts'],
    [
      {
        rule: 'Another value than was asked for',
        find: 'found !== undefined && asked.matches(found, as)',
        replace: 'found !== undefined',
      },
      {
        rule: 'A commit that the job made, as the one that was asked for, although nobody accepted it',
        find: "isBuilt && question.builtCommit === 'allow'",
        replace: 'isBuilt',
      },
      {
        rule: 'Any commit as the one that the job made',
        find: 'built !== undefined && asked.matches(built)',
        replace: 'built !== undefined',
      },
      {
        rule: 'A difference under the name of a part that nobody gave',
        find: '?? from?.option ?? difference.option',
        replace: '?? difference.option',
      },
      {
        rule: 'Letter case told as another owner',
        find: 'found !== undefined && asked.matches(found, small)',
        replace: 'false',
      },
      {
        rule: 'Nothing where a value was asked for',
        find: 'found !== undefined && asked.matches(found, as)',
        replace: 'found === undefined || asked.matches(found, as)',
      },
      {
        rule: 'An issuer that nobody asked for, under the waiver for a certificate without one',
        find: 'return issuer === undefined',
        replace: 'return issuer !== null',
        tests: ['verify/github-instance.test.ts'],
      },
    ],
  ),

  ...inFile(
    'policy/rules/certificate.ts',
    ['sigstore/verify/verify-bundle.test.ts', 'forgeries'],
    [{ rule: 'A certificate whose old and new extensions differ', find: 'conflicts.length === 0', replace: 'true' }],
  ),

  ...inFile(
    'policy/rules/provenance.ts',
    ['policy/build-types.test.ts'],
    [
      {
        rule: 'A build type that nobody knows, where strictness was asked for',
        find: "question.strictness === 'strict'",
        replace: 'false',
      },
      {
        rule: 'Provenance that says something else than the certificate',
        find: 'return found !== undefined && expected.accepts(found)',
        replace: 'return found !== undefined',
      },
      {
        rule: 'Provenance that leaves out what the certificate could deny',
        find: "if (found === undefined && row.presence === 'optional')",
        replace: 'if (found === undefined)',
      },
    ],
  ),

  ...inFile(
    'policy/rules/verification-summary.ts',
    ['verify/verify.test.ts', 'forgeries'],
    [{ rule: 'The "no" of another verifier', find: "predicate.result === 'PASSED'", replace: 'true' }],
  ),

  ...inFile(
    'policy/rules/job.ts',
    ['policy/deployment.test.ts', 'policy/rebuild-comparison.test.ts'],
    [
      {
        rule: 'A job of a deployment that is another than the certificate says',
        find: "return fail(rule, 'predicate-certificate-mismatch', expected ?? 'nothing, as in the certificate', found)",
        replace: 'return pass(rule)',
      },
      {
        rule: 'A job of a deployment of which the certificate says nothing',
        find: 'if (expected === found) return expected === undefined',
        replace: 'if (expected === undefined || expected === found) return expected === undefined',
      },
    ],
  ),

  ...inFile(
    'policy/rules/rebuild-comparison.ts',
    ['policy/rebuild-comparison.test.ts'],
    [
      {
        rule: 'A rebuild of another commit of the own repository than the certificate says',
        find: 'return expected === source.commit\n',
        replace: 'return expected !== undefined\n',
      },
      {
        rule: 'A rebuild that says "same" of another digest',
        find: "(released === rebuilt.sha256) === (outcome === 'same')",
        replace: 'true',
      },
      {
        rule: 'A rebuild of a later time than its log entry',
        find: 'ahead <= limits.rebuildClockSkew && ',
        replace: '',
      },
      { rule: 'A rebuild that is dated back', find: ' && ahead >= -limits.rebuildDelay', replace: '' },
      {
        rule: 'A rebuild that differs and passes',
        find: "predicate.outcome === 'same'\n",
        replace: 'true\n',
      },
    ],
  ),

  ...inFile(
    'policy/rebuilders.ts',
    ['policy/rebuild-comparison.test.ts'],
    [
      {
        rule: 'The builder of an artifact as its own rebuilder',
        find: 'originals.some((it) => isOneParty(it, party))',
        replace: 'false',
      },
      { rule: 'Rebuilders of whose original nobody knows', find: 'originals.length === 0', replace: 'false' },
      {
        rule: 'Two refs of one workflow as two rebuilders',
        find: 'return identity === undefined ? undefined : splitIdentity(identity).file',
        replace: 'return identity',
        tests: ['policy/rebuild-comparison.test.ts'],
      },
      {
        rule: 'Two workflows of one repository as two rebuilders',
        find: "    mark('repository', issuer, repository),\n    mark('id', issuer, id),\n",
        replace: '',
      },
      {
        rule: 'A rebuild that only says "same"',
        find: ' && released === predicate.rebuilt.sha256',
        replace: '',
      },
      { rule: 'A rebuild that says "differs"', find: "predicate.outcome === 'same' && ", replace: '' },
    ],
  ),

  ...inFile(
    'policy/rules/deployment.ts',
    ['policy/deployment.test.ts'],
    [
      {
        rule: 'Another environment than the certificate names',
        find: ": fail(rule, 'predicate-certificate-mismatch', expected, environment)",
        replace: ': pass(rule)',
      },
      {
        rule: 'A deployment of a later time than its log entry',
        find: 'ahead <= limits.deploymentClockSkew && ',
        replace: '',
      },
      {
        rule: 'A deployment that is dated back',
        find: ' && ahead >= -limits.deploymentDelay',
        replace: '',
      },
      {
        rule: 'A removal that passes for a deployment',
        find: "return [differs(stateRule, 'deployment-removed', 'allowRemoved', 'deployed', predicate.state)]",
        replace: 'return [pass(stateRule)]',
      },
    ],
  ),

  ...inFile(
    'policy/contradictions.ts',
    ['policy/contradictions.test.ts'],
    [
      { rule: 'Attestations that name two commits', find: 'if (commits.size > 1)', replace: 'if (false)' },
      {
        rule: 'Attestations that name other AI sessions for one commit',
        find: 'if (new Set(group.map(({ provenance }) => saidOfAi(provenance))).size < 2) continue',
        replace: 'continue',
      },
      {
        rule: 'A predicate that hides a contradiction of certificates',
        find: 'commit: certified ?? commitIn(predicate)',
        replace: 'commit: commitIn(predicate)',
      },
    ],
  ),
]
