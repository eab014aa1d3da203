/** What is asked of a forge with a token, and what is made of its answers. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const address = ['collect/forge/api-address.test.ts']
const asking = ['collect/forge/ask-forge.test.ts']
const walk = ['collect/change/forge-requests.test.ts']
const whole = ['attest/forge.test.ts']
const rows = ['collect/forge/forge-context.test.ts']
const hostile = ['collect/forge/hostile-forge.test.ts']
const context = ['collect/context/collect-context.test.ts']
const accounts = ['collect/context/agent-accounts.test.ts']

export const forge: readonly Edit[] = [
  ...inFile('collect/forge/api-address.ts', address, [
    {
      rule: 'A clone that says where the token of a forge goes',
      find: "if (host === 'gitlab.com')",
      replace: 'if (host !== undefined)',
    },
    {
      rule: 'A host that is called like a tenant of GitHub’s',
      find: '/^[a-z0-9-]+\\.ghe\\.com$/',
      replace: '/\\.ghe\\.com$/',
    },
    { rule: 'A token of a forge in the clear', find: '!isSecure(url) || ', replace: '' },
    { rule: 'An API with a question in its address', find: " || url.search !== '' || url.hash !== ''", replace: '' },
    {
      rule: 'An API that only begins like GitHub’s',
      find: '[a-z0-9-]+\\.ghe\\.com)$/',
      replace: '[a-z0-9-]+\\.ghe\\.com)/',
    },
  ]),

  ...inFile('collect/forge/asking.ts', asking, [
    {
      rule: 'A redirect that takes the token of a forge along',
      find: "redirect: 'error'",
      replace: "redirect: 'follow'",
    },
    {
      rule: 'A forge that redirects each question',
      find: "|| reason.startsWith('a redirect')",
      replace: '',
    },
    { rule: 'A forge that stalls each question', find: '|| isTimeout(thrown) ', replace: '' },
    {
      rule: 'A forge that never ends its answer',
      find: 'limits.forgeAnswerBytes, () => tooLong',
      replace: '1e9, () => tooLong',
    },
    { rule: 'A forge that takes all the time of a job', find: 'if (!within.reaches(0))', replace: 'if (false)' },
    { rule: 'A wait that is longer than the job', find: 'if (!within.reaches(readyAt)) return last', replace: '' },
    {
      rule: 'A forge that fails for ever',
      find: 'if (attempts === mostAttempts) return last',
      replace: '',
    },
    {
      rule: 'A budget for each phase, in place of one for all',
      find: 'limits.forgeBudget - spent',
      replace: 'limits.forgeBudget',
      tests: hostile,
    },
    {
      rule: 'More questions than a token has, whatever about',
      find: 'if (questions === limits.forgeQuestions)',
      replace: 'if (false)',
      tests: hostile,
    },
    {
      rule: 'A forge that does not take the token, asked again and again',
      find: "if (answer.next === 'end') over = answer",
      replace: '',
      tests: hostile,
    },
  ]),

  ...inFile('collect/forge/ask-forge.ts', asking, [
    { rule: 'A forge with pages without end', find: 'page <= limits.forgePages', replace: 'page <= 99' },
    { rule: 'More questions than a token has', find: 'changes.slice(0, limits.forgeChanges)', replace: 'changes' },
    {
      rule: 'A forge that refuses, asked again and again',
      find: " || ('trouble' in answer && isForAll(answer))",
      replace: '',
    },
    { rule: 'A forge that knows nothing, asked again and again', find: 'failures === mostFailures || ', replace: '' },
    { rule: 'A request that was never merged', find: 'if (!isMerged) return undefined', replace: '' },
    {
      rule: 'A number of a forge that is none',
      find: 'number > 0 && number < 1e9',
      replace: 'true',
    },
    {
      rule: 'An option of git in the place of a head',
      find: '!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(head)',
      replace: 'head.length === 0',
    },
    { rule: 'Any number of requests for one change', find: '.slice(0, mostRequests)', replace: '' },
    {
      rule: 'A forge that said nothing, taken for one that said none',
      find: "if (!('trouble' in answer)) requests.set(change, answer)",
      replace: "requests.set(change, 'trouble' in answer ? [] : answer)",
    },
  ]),

  ...inFile('collect/forge/listing.ts', hostile, [
    {
      rule: 'A list with pages without end',
      find: 'count <= limits.forgeListPages',
      replace: 'count <= 99',
    },
    {
      rule: 'A page that is given again in place of the next',
      find: 'if (entries.length > 0 && seen.has(answer.sha256))',
      replace: 'if (false)',
    },
    {
      rule: 'A list of which a page was refused, taken for a whole one',
      find: "if ('trouble' in answer) return answer",
      replace: "if ('trouble' in answer) return { entries: all, pages }",
    },
    {
      rule: 'Whoever refuses one kind of question, asked it again and again',
      find: '(status !== undefined && status !== 404 && status !== 422)',
      replace: 'false',
    },
  ]),

  ...inFile('collect/forge/bitbucket-context.ts', hostile, [
    {
      rule: 'A next page that is one of another list',
      find: "decodeURI(url.pathname).endsWith(decodeURI(path.split('?')[0] ?? ''))",
      replace: 'true',
    },
  ]),

  ...inFile('collect/forge/github-context.ts', hostile, [
    {
      rule: 'A pull request of another repository',
      find: " && isNamed(at(json, 'base', 'repo', 'full_name'), repository)",
      replace: '',
    },
    {
      rule: 'Another pull request than the one that was asked for',
      find: "at(json, 'number') === Number(number) && ",
      replace: '',
    },
    {
      rule: 'Checks of another commit',
      find: "if (runs.entries.some(({ entry }) => entry['head_sha'] !== commit)) return unsaid(junk)",
      replace: '',
    },
    {
      rule: 'A review that nobody has given yet',
      find: "if (entry['state'] === 'PENDING') continue",
      replace: '',
      tests: rows,
    },
    {
      rule: 'A check that failed before, in place of its last run',
      find: 'numberOf(known.entry) < numberOf(it.entry)',
      replace: 'numberOf(known.entry) > numberOf(it.entry)',
      tests: rows,
    },
  ]),

  ...inFile('collect/forge/github-branch.ts', rows, [
    {
      rule: 'Rules that were not read, taken for none',
      find: 'values.includes(true) ? true : isRead ? false : undefined',
      replace: 'values.includes(true)',
    },
    {
      rule: 'A protection that was refused, and nobody says so',
      find: 'trouble: isRead ? undefined :',
      replace: 'trouble: protection === undefined || isRead || protection !== undefined ? undefined :',
    },
  ]),

  ...inFile('collect/forge/gitlab-context.ts', hostile, [
    {
      rule: 'A merge request of another project',
      find: ' && isNamed(project, repository)',
      replace: '',
    },
  ]),

  ...inFile('collect/forge/members.ts', hostile, [
    { rule: 'A secret in the name of a check', find: ' || isUnpublishable(name)', replace: '' },
    { rule: 'A name that is read otherwise than it is', find: ' || holdsUnseen(name)', replace: '' },
    {
      rule: 'A login that steers a log',
      find: '/^[\\w.@+:{}-]{1,255}(?:\\[bot\\])?$/.test(login)',
      replace: 'true',
    },
  ]),

  ...inFile('collect/context/agent-accounts.ts', accounts, [
    {
      rule: 'An agent by a login that is somebody else’s',
      find: "${number === undefined ? '' : `${number}+`}",
      replace: '',
    },
    {
      rule: 'An agent by a login, where that is anybody’s',
      find: "host === 'github.com'",
      replace: 'true',
    },
    { rule: 'A robot of no known tool, taken for a person', find: "(isApp ? 'bot' : undefined)", replace: 'undefined' },
  ]),

  ...inFile('collect/context/review-order.ts', context, [
    {
      rule: 'An approval that came before the last commit of AI',
      find: "if (!ofAi.every((it) => looked.has(it))) return 'before-last-ai'",
      replace: '',
    },
    { rule: 'An approval of what is in no history', find: '!own.has(seen) || ', replace: '' },
    { rule: 'An approval of AI where nobody names any', find: ' || ofAi.length === 0', replace: '' },
    {
      rule: 'An approval that saw half, where nobody knows where AI was',
      find: "ai.untied.has(change) && !own.has(change) && seen !== head ? 'unknown' : ",
      replace: '',
    },
  ]),

  ...inFile(
    'collect/context/merged-commits.ts',
    ['collect/context/merged-commits.test.ts'],
    [
      {
        rule: 'The reviews of a request for what was never in it, by a merge with an older first parent',
        find: 'listed?.has(commit) === true && ',
        replace: '',
      },
      {
        rule: 'The reviews of a request for what came after them, by a merge whose first parent has it',
        find: ' && side.has(commit)',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'collect/forge/github-context.ts',
    ['collect/forge/forge-context.test.ts'],
    [
      {
        rule: 'A commit whose author has no account, as one of a request',
        find: "accountOf(entry['author']) === undefined ? [] :",
        replace: '',
      },
      {
        rule: 'An author without an account, as nobody: their own approval would be one by another',
        find: 'if (!accounts.every((it) => it !== undefined)) return undefined',
        replace: 'if (!accounts.every((it) => it !== undefined)) return []',
      },
    ],
  ),
  ...inFile(
    'collect/forge/bitbucket-context.ts',
    ['collect/forge/forge-context.test.ts'],
    [
      {
        rule: 'An author without an account, as nobody, at Bitbucket',
        find: 'writers.every((it) => it !== undefined) ? writers : undefined',
        replace: 'writers.filter((it) => it !== undefined)',
      },
    ],
  ),
  ...inFile('collect/context/collect-context.ts', context, [
    {
      rule: 'Reviews of another request under the number of a title',
      find: 'if (!head.startsWith(value.head))',
      replace: 'if (false)',
    },
    {
      rule: 'A merge that names the request of somebody else',
      find: 'merge === undefined || value.became.some((it) => merge.startsWith(it))',
      replace: 'true',
    },
    {
      rule: 'Reviews without the request that they are of',
      find: 'named === undefined || request === undefined ? undefined',
      replace: 'named === undefined ? undefined',
    },
    {
      rule: 'Checks of one of two commits, taken for all',
      find: 'if (!isWhole) return undefined',
      replace: '',
    },
  ]),

  ...inFile('collect/context/tally.ts', context, [
    {
      rule: 'What a forge did not say of changes, told as nothing',
      find: 'if (missed === 0) return',
      replace: 'if (missed >= 0) return',
    },
    {
      rule: 'Changes of which nobody knows the request, told as changes without one',
      find: 'if (asked === 0 && none !== undefined)',
      replace: 'if (false)',
    },
  ]),

  ...inFile('collect/change/forge-requests.ts', walk, [
    {
      rule: 'A head of other files, because the forge says so',
      find: 'const { proved, unproved } = await proveNamed(repository, candidates, since)',
      replace:
        'const { unproved } = await proveNamed(repository, []), proved = new Map((candidates).map((it) => [it.change, it]))',
    },
    {
      rule: 'The last of several rewritten commits, taken for all of them',
      find: 'isRewritten.has(change)\n      ? []',
      replace: 'false\n      ? []',
    },
    {
      rule: 'A head of another kind of id, which git would stumble over',
      find: 'isObjectId(repository, head)',
      replace: 'head.length > 0',
    },
    {
      rule: 'A request that was merged as it is, told as one that does not fit',
      find: '.filter(({ head }) => outside.has(head))',
      replace: '',
      explained:
        'The proof finds no squash in it either, since the head lies above the change; this spares git the question.',
    },
    {
      rule: 'A head that is nowhere, told as nothing',
      find: 'missing.count === 0',
      replace: 'missing.count >= 0',
    },
    {
      rule: 'What a forge did not say, told as nothing',
      find: 'said.silent === 0',
      replace: 'said.silent >= 0',
    },
  ]),

  ...inFile(
    'collect/git/remote.ts',
    ['collect/git/fetch.test.ts'],
    [
      {
        rule: 'A commit that is not there, which keeps the others away',
        find: 'if (failed !== undefined && some.length > 1)',
        replace: 'if (false)',
      },
      {
        rule: 'Commits that are nowhere, asked for without end',
        find: 'asked < limits.fetchesOfCommits',
        replace: 'asked < 1_000',
      },
    ],
  ),

  ...inFile('attest/token-file.ts', whole, [
    {
      rule: 'A token of a forge with a header behind it, which an error would repeat',
      find: 'if (!/^[!-~]+$/.test(token))',
      replace: 'if (false)',
    },
    { rule: 'A token of a forge without end', find: 'limits.forgeTokenBytes', replace: '1e9' },
  ]),
  ...inFile('attest/forge.ts', whole, [
    {
      rule: 'A forge that is asked for nothing that anybody keeps',
      find: "if (!fetches && !readsContext) throw needs('forgeTokenFile', 'fetch')",
      replace: '',
    },
  ]),
]
