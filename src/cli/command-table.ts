/** The commands, in the order of the help. */
import type { CommandRow } from './command.ts'

const wrong = 'the command line is wrong, or a file that it names is not there'

export const commands: readonly CommandRow[] = [
  {
    name: 'attest',
    summary: 'sign provenance for files under the identity of this CI job',
    examples: [
      { command: 'countersign attest dist/app.tgz', says: 'in a CI job: writes dist/app.tgz.sigstore.json' },
      { command: "countersign attest 'dist/*' -o release.intoto.jsonl", says: 'one statement about many files' },
      {
        command: 'countersign attest --checksums SHA256SUMS --retry-budget 5m --on-outage defer',
        says: 'digests made elsewhere; an outage keeps the statement for later',
      },
      { command: 'countersign attest dist/app.tgz --sigstore local', says: 'a trial without CI, account or network' },
      { command: 'countersign attest dist/app.tgz --dry-run', says: 'look before you sign' },
      {
        command: 'countersign attest dist/app.tgz --ci-output github',
        says: 'with step outputs and a summary for GitHub Actions',
      },
    ],
    exits: {
      0: 'signed, verified and written; with --defer-exit 0 also: kept for later, nothing published',
      1: 'the token, or the statement that was kept, belongs to another commit or run',
      2: wrong,
      3: 'it could not be signed or written: token, services, trust, disk',
    },
    load: async () => (await import('./commands/attest.ts')).attestCommand,
  },
  {
    name: 'deployed',
    summary: 'sign that artifacts were put into an environment, under the identity of this CI job',
    examples: [
      {
        command: 'countersign deployed production dist/app.tgz',
        says: 'in the job that deploys: writes dist/app.tgz.deployed-production.sigstore.json',
      },
      {
        command:
          'countersign deployed production dist/app.tgz -b dist/app.tgz.sigstore.json -R acme/widget --workflow release.yml',
        says: 'its provenance is verified first, and named',
      },
      {
        command: 'countersign deployed staging --checksums SHA256SUMS --target https://cluster.acme.example/widget',
        says: 'digests of what is not here, and the address of the service',
      },
      {
        command: 'countersign deployed production dist/app.tgz --removed',
        says: 'it was taken out of the environment',
      },
      { command: 'countersign deployed production dist/app.tgz --dry-run', says: 'look before you sign' },
    ],
    exits: {
      0: 'signed, verified and written; with --defer-exit 0 also: kept for later, nothing published',
      1: 'the token is for another environment, or the provenance is not what was asked for',
      2: wrong,
      3: 'it could not be signed or written: token, services, trust, disk',
    },
    load: async () => (await import('./commands/deployed.ts')).deployedCommand,
  },
  {
    name: 'sessions',
    summary: 'show what a release says of AI, before anything of it is signed',
    examples: [
      { command: 'countersign sessions', says: 'the release that attest would sign here, without a token' },
      { command: 'countersign sessions HEAD~2', says: 'the last two commits' },
      { command: 'countersign sessions ..v1.1.0', says: 'a release that has a tag, from the version before it on' },
      {
        command: 'countersign sessions v1.0.0..main --offline --format markdown',
        says: 'for a comment on a pull request: no name, address, title or text is in it',
      },
      { command: 'countersign sessions --format html > sessions.html', says: 'a page of its own' },
      { command: 'countersign sessions use amp:T-1', says: 'by hand: the next commit here names this session' },
      {
        command: "countersign sessions none --reason 'Renamed by hand in the editor, no tool took part'",
        says: 'or says that there was none, and why',
      },
      {
        command: 'countersign sessions ..v1.1.0 --ai-configuration',
        says: 'also the instruction files, skills and MCP servers of v1.1.0, and the digest that is signed of them',
      },
      {
        command: 'countersign sessions record --transcript session.jsonl',
        says: 'keep the redacted transcript in a ref of this repository, signed with your SSH key',
      },
    ],
    exits: {
      0: 'shown, which says nothing of whether it is true; of use and none: noted',
      2: 'the command line is wrong, it names no commit here, there are no hooks, or nobody can tell where the release begins',
      3: 'the repository cannot be read, or the output could not be written',
    },
    load: async () => (await import('./commands/sessions.ts')).sessionsCommand,
  },
  {
    name: 'hooks',
    summary: 'name the AI sessions of each commit while it is made',
    examples: [
      {
        command: 'countersign hooks install',
        says: 'in a clone: git hooks, and the settings of the agents that are used here',
      },
      {
        command: 'countersign hooks install --agents claude-code,codex --push-records --ask',
        says: 'for two agents; records go with each push, and a person is asked where nothing is known',
      },
      { command: 'countersign hooks status', says: 'what is installed, and what something else has replaced' },
      { command: 'countersign hooks remove', says: 'every file as it was before' },
    ],
    exits: {
      0: 'installed, shown or removed; what could not be joined is said',
      2: 'the command line is wrong, or this is no clone',
      3: 'git failed, what is installed cannot be read, or a file could not be written',
    },
    load: async () => (await import('./commands/hooks.ts')).hooksCommand,
  },
  {
    name: 'redact',
    summary: 'take the secrets out of a file, or say where they stand; or take words out of a session record',
    examples: [
      { command: 'countersign redact session.jsonl > redacted.jsonl', says: 'a transcript, as its record has it' },
      { command: 'countersign redact - < app.log', says: 'any text' },
      {
        command: 'countersign redact --check --format json notes/*.md',
        says: 'before you commit: file, line, column',
      },
    ],
    exits: {
      0: 'written; with --check: no secret was found, which does not promise that none is there',
      1: 'with --check: there are secrets',
      2: wrong,
      3: 'it is no text, is too large, or cannot be read, or the output could not be written; of a record: it is not here, could not be signed, or could not be removed',
    },
    load: async () => (await import('./commands/redact.ts')).redactCommand,
  },
  {
    name: 'reasoning-log',
    summary: 'write what was asked and decided in the sessions behind a release, from redacted records',
    examples: [
      { command: 'countersign reasoning-log --records records', says: 'the release that attest would sign here' },
      { command: 'countersign reasoning-log HEAD~2 --format html > reasoning.html', says: 'a page of its own' },
      {
        command: 'countersign reasoning-log dist/app.tgz -R acme/widget --workflow release.yml --records records',
        says: 'of an artifact that is verified first: only records whose digests are signed',
      },
    ],
    exits: {
      0: 'written; what is missing is said in it',
      1: 'a record was refused, for its digest is another one; or a question was asked, and the answer is no',
      2: 'the command line is wrong, a file that it names is not there, or the package for PDF is not',
      3: 'a repository, a bundle or a record cannot be read, or the output could not be written',
    },
    load: async () => (await import('./commands/reasoning-log.ts')).reasoningLogCommand,
  },
  {
    name: 'graph',
    summary: 'draw where a release comes from: tickets, sessions, changes, reviews, builds, artifacts',
    examples: [
      { command: 'countersign graph', says: 'the release that attest would sign here' },
      { command: 'countersign graph v1.0.0..v1.1.0 --format mermaid', says: 'a drawing for a page of a forge' },
      {
        command: 'countersign graph dist/app.tgz.sigstore.json --format json',
        says: 'as a bundle claims it, for a program',
      },
      {
        command: 'countersign graph dist/app.tgz -R acme/widget --workflow release.yml --format dot',
        says: 'only what passes verification, for Graphviz',
      },
    ],
    exits: {
      0: 'drawn; without a question that says nothing of whether it is true',
      1: 'a question was asked, and the answer is no',
      2: 'the command line is wrong, it names no commit here, or a file that it names is not there',
      3: 'a repository or a bundle cannot be read, it could not be decided, or the output could not be written',
    },
    load: async () => (await import('./commands/graph.ts')).graphCommand,
  },
  {
    name: 'gate',
    summary: 'ask the rules about AI of a policy about a change before it is merged',
    answers: true,
    examples: [
      {
        command: 'countersign gate --policy countersign.yaml --ci-output github',
        says: 'in the job of a pull request or a merge queue, by the policy of the target branch',
      },
      { command: 'countersign gate origin/main..HEAD --policy countersign.yaml', says: 'before you push' },
      {
        command: 'countersign gate --policy-file ../policies/ai.yaml --format markdown',
        says: "by an organisation's policy, for a comment",
      },
    ],
    exits: {
      0: 'every rule about AI passes, or is only warned of',
      1: 'at least one refuses the change',
      2: 'the command line or the policy is wrong, the base has no policy, the clone is cut, or nothing is under review',
      3: 'the repository cannot be read, or what the CI system is told could not be written',
    },
    load: async () => (await import('./commands/gate.ts')).gateCommand,
  },
  {
    name: 'verify',
    summary: 'check the attestation of each artifact; exit 0 if and only if all pass',
    answers: true,
    examples: [
      {
        command: 'countersign verify dist/app.tgz -R acme/widget --workflow release.yml',
        says: 'built and signed by this workflow of this repository on GitHub; the bundle lies beside it',
      },
      {
        command: 'countersign verify dist/app.tgz dist/app.zip -b all.jsonl -R acme/widget',
        says: 'several artifacts, their bundles in one file',
      },
      {
        command:
          "countersign verify dist/app.tgz --signer 'https://gitlab.com/acme/widget//.gitlab-ci.yml@**' --issuer https://gitlab.com --source https://gitlab.com/acme/widget",
        says: 'the whole question, for any signer and issuer',
      },
      {
        command: 'countersign verify dist/app.tgz -R acme/widget --trusted-root trusted_root.json --format json',
        says: 'without network, for a program',
      },
      {
        command: 'countersign verify dist/app.tgz -R https://gitlab.com/acme/widget --ci-output gitlab',
        says: 'with a JUnit report and variables for later jobs of GitLab CI',
      },
      {
        command: 'countersign verify dist/app.tgz --policy countersign.yaml --notify env:SLACK_WEBHOOK',
        says: 'and tell a chat of what is no pass; its address is a secret, so it stands in a variable',
      },
      {
        command:
          'countersign verify dist/app.tgz -R acme/widget --vsa app.vsa.sigstore.json --resource-uri https://downloads.acme.example/app.tgz',
        says: 'and sign a summary of the verdict, for those who trust this job',
      },
    ],
    exits: {
      0: 'every verdict is pass, and there is one',
      1: 'the answer is no for at least one artifact',
      2: 'the question is incomplete or wrong, or a file that it names is not there',
      3: 'at least one could not be decided, or a summary not signed: trust, network, a file that cannot be read',
    },
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  {
    name: 'vsa-verify',
    summary: 'check what another verifier signed of an artifact; exit 0 if and only if it passed',
    answers: true,
    examples: [
      {
        command:
          'countersign vsa-verify dist/app.tgz --vsa app.vsa.json --key verifier.pub --verifier-id https://verifier.acme.example --resource-uri https://downloads.acme.example/app.tgz --level SLSA_BUILD_LEVEL_UNEVALUATED',
        says: 'signed with the key of a verifier; nothing but the key is trusted',
      },
      {
        command:
          'countersign vsa-verify dist/app.tgz --vsa app.vsa.sigstore.json -R acme/widget --resource-uri https://downloads.acme.example/app.tgz --level SLSA_BUILD_LEVEL_UNEVALUATED',
        says: 'signed by a workflow, which is the verifier itself',
      },
    ],
    exits: {
      0: 'the verdict is pass: a summary says PASSED, and is what was asked for',
      1: 'the answer is no',
      2: 'the question is incomplete or wrong, or a file that it names is not there',
      3: 'it could not be decided: trust, network, a file that cannot be read',
    },
    load: async () => (await import('./commands/vsa-verify.ts')).vsaVerifyCommand,
  },
  {
    name: 'policy',
    summary: 'write, check, explain, test and sign what a release must satisfy',
    answers: true,
    examples: [
      {
        command:
          'countersign policy init dist/app.tgz -R acme/widget --trusted-root trusted_root.json --out release.yaml',
        says: 'the strictest policy that a good release passes: read it, and relax what changes from release to release',
      },
      {
        command: 'countersign policy init --from open-source -R acme/widget --out gate.yaml',
        says: 'a starter policy: open-source, soc2 or regulated',
      },
      {
        command: 'countersign policy lint countersign.yaml',
        says: 'every fault with its line, and what is better not so',
      },
      {
        command: 'countersign policy explain countersign.yaml dist/app.tgz --trusted-root trusted_root.json',
        says: 'what each rule asked of one artifact, and what it saw',
      },
      { command: 'countersign policy test countersign.yaml', says: 'the cases beside it, in countersign.tests' },
      { command: 'countersign policy sign countersign.yaml', says: 'run by the person who approves policies' },
      {
        command:
          "countersign policy waive dist/app.tgz --policy countersign.yaml --rule ai/human-review --reason 'The reviewer is on leave, and the fix cannot wait.' --expires 30d",
        says: 'one rule, for one artifact, for so long; by somebody whom the policy names',
      },
    ],
    exits: {
      0: 'printed or signed; of lint: no error; of test: every case is as expected; of explain: the verdict is pass',
      1: 'of explain and init: the answer is no; of test: a case differs, or no case was found; what a policy extends is not what it says',
      2: 'the policy, a case or the command line is wrong, or a file that it names is not there',
      3: 'it could not be decided, signed or written: trust, network, token, services, disk',
    },
    load: async () => (await import('./commands/policy.ts')).policyCommand,
  },
  {
    name: 'inspect',
    summary: 'show what a bundle claims, without verifying any of it',
    examples: [
      { command: 'countersign inspect dist/app.tgz.sigstore.json', says: 'a bundle' },
      { command: 'countersign inspect dist/app.tgz', says: 'the bundle beside an artifact' },
      { command: 'countersign inspect linux.jsonl macos.jsonl --format json', says: 'several, a line of JSON each' },
    ],
    exits: {
      0: 'all of them were shown, which says nothing of whether they are genuine',
      2: wrong,
      3: 'one of them cannot be read, or the output could not be written',
    },
    load: async () => (await import('./commands/inspect.ts')).inspectCommand,
  },
  {
    name: 'rebuild-compare',
    summary: 'compare two builds of one source, and sign how they compare',
    answers: true,
    examples: [
      {
        command: 'countersign rebuild-compare app.tgz rebuilt/app.tgz',
        says: 'the same bytes, or which members differ',
      },
      {
        command: 'countersign rebuild-compare dist rebuilt --format json',
        says: 'folders of artifacts, for a program',
      },
      {
        command: 'countersign rebuild-compare app.tgz rebuilt/app.tgz -o app.tgz.rebuild.sigstore.json',
        says: 'in the job that rebuilt it: signed under its identity',
      },
      {
        command:
          'countersign rebuild-compare app.tgz rebuilt/app.tgz -o . --source https://github.com/upstream/widget --commit 8c3d1f0a9b7e6d5c4b3a29180716f5e4d3c2b1a0',
        says: 'by a rebuilder that has a repository of its own',
      },
    ],
    exits: {
      0: 'the same bytes, for every artifact; with --out also signed, verified and written',
      1: 'they differ, signed or not',
      2: wrong,
      3: 'one of them cannot be read, or the comparison could not be signed or written',
    },
    load: async () => (await import('./commands/rebuild-compare.ts')).rebuildCompareCommand,
  },
  {
    name: 'merge',
    summary: 'join bundle files into one, each bundle once, in an order of its own',
    examples: [
      {
        command: 'countersign merge dist/*.sigstore.json -o dist/release.intoto.jsonl',
        says: 'the sidecars of a release',
      },
      {
        command: 'countersign merge linux.jsonl macos.jsonl windows.jsonl -o all.jsonl',
        says: 'what the jobs of a build matrix wrote',
      },
      { command: 'countersign merge all.jsonl more.jsonl -o all.jsonl --overwrite', says: 'more into what is there' },
    ],
    exits: {
      0: 'written',
      2: wrong,
      3: 'one of the files holds something else, or the output could not be written',
    },
    load: async () => (await import('./commands/merge.ts')).mergeCommand,
  },
  {
    name: 'trust',
    summary: 'show, refresh, keep and hand on what verification trusts',
    examples: [
      { command: 'countersign trust show', says: 'which root decides, from where, and how old' },
      { command: 'countersign trust show --offline --format json', says: 'what is kept here, for a program' },
      { command: 'countersign trust update --refresh-timeout 30s', says: 'refresh it now' },
      {
        command: 'countersign trust import trusted_root.json --name acme',
        says: 'keep a root, for --trusted-root name:acme',
      },
      {
        command: 'countersign trust export > trusted_root.json',
        says: 'the root of public-good Sigstore as a file, for --trusted-root where there is no network',
      },
      { command: 'countersign trust export --sigstore local > local_root.json', says: 'that of countersign local' },
    ],
    exits: {
      0: 'shown, refreshed, kept or written',
      2: wrong,
      3: 'trust could not be had: network, a root that cannot be read or does not follow from the last',
    },
    load: async () => (await import('./commands/trust.ts')).trustCommand,
  },
  {
    name: 'receipt',
    summary: 'issue and verify receipts: what an independent party signs of a session that it saw',
    examples: [
      {
        command: 'countersign receipt issue --payload session.json --key-file gateway.pem',
        says: 'by a gateway that keeps its key in a file',
      },
      {
        command:
          'countersign receipt issue --payload - --signer-command kms-sign --signer-argument gateway-1 --public-key gateway.pub',
        says: 'claims from standard input, signed by a program that has the key',
      },
      {
        command:
          'countersign receipt verify receipts.txt --receipt-issuers issuers.yaml --repository https://github.com/acme/widget',
        says: 'before they are given to a release; user and time are held against its commits there',
      },
      { command: 'countersign receipt keys --public-key gateway.pub', says: 'the key set that is published or pinned' },
      {
        command: 'countersign receipt serve --config service.yaml --key-file gateway.pem',
        says: 'a service that swaps session tokens of a vendor for receipts, until Ctrl-C',
      },
    ],
    exits: {
      0: 'issued or shown; of serve: ended by Ctrl-C; of verify: every receipt holds, and there is one',
      1: 'of verify: at least one does not hold',
      2: 'the command line, the claims, the key or the list is wrong, or a file that it names is not there',
      3: 'it could not be decided, signed, written or served: keys of an issuer, a program that signs, disk, address',
    },
    load: async () => (await import('./commands/receipt.ts')).receiptCommand,
  },
  {
    name: 'local',
    summary: 'run the embedded Sigstore on loopback and print its trust configuration',
    examples: [
      { command: 'countersign local > trust_config.json', says: 'keys and logs in memory, until Ctrl-C' },
      { command: 'countersign local --port 8601 --local-state .sigstore', says: 'keys and logs that stay' },
    ],
    exits: { 0: 'ended by Ctrl-C', 2: wrong, 3: 'it could not be started' },
    load: async () => (await import('./commands/local.ts')).localCommand,
  },
  {
    name: 'demo',
    summary: 'a release from end to end on the embedded Sigstore, refused by a policy, and four forgeries',
    examples: [
      { command: 'countersign demo', says: 'needs nothing but git' },
      { command: 'countersign demo --keep', says: 'look at its files afterwards' },
    ],
    exits: {
      0: 'the release came through, the policy refused it, and so was every forgery',
      1: 'it did not',
      2: wrong,
      3: 'it needs git',
    },
    load: async () => (await import('./commands/demo.ts')).demoCommand,
  },
  {
    name: 'completion',
    summary: 'print a script that completes command lines in your shell',
    examples: [
      { command: 'countersign completion bash > ~/.local/share/bash-completion/completions/countersign', says: 'bash' },
      { command: 'countersign completion zsh > ~/.zsh/completions/_countersign', says: 'zsh: a folder of $fpath' },
      { command: 'countersign completion fish > ~/.config/fish/completions/countersign.fish', says: 'fish' },
      { command: 'countersign completion powershell >> $PROFILE', says: 'PowerShell' },
    ],
    exits: { 0: 'printed', 2: wrong, 3: 'the output could not be written' },
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
  {
    name: 'help',
    summary: 'show the help of a command',
    examples: [
      { command: 'countersign help verify', says: 'as countersign verify --help' },
      { command: 'countersign help trust import', says: 'a command of a command' },
    ],
    exits: { 0: 'shown', 2: 'there is no such command' },
    load: async () => (await import('./commands/help.ts')).helpCommand,
  },
]

/** The row of the command that is asked for: the first word, or the one behind a `--` that ends the program's own flags. */
export function rowOf([first, second]: readonly string[]): CommandRow | undefined {
  const name = first === '--' ? second : first
  return commands.find((it) => it.name === name)
}
