/**
 * Every bound on input from outside, with its reason. A bound is generous for real data and small enough that a hostile
 * input costs neither memory nor minutes.
 */
export const limits = {
  /** Largest bundle in the corpus is 0.3 MB; a predicate may have 16 MB (actions/attest), base64 makes that 22 MB. */
  bundleBytes: 32 * 1024 * 1024,
  /** One payload, decoded: the 16 MB that actions/attest and gh accept. */
  statementBytes: 16 * 1024 * 1024,
  /** Bundles in one .jsonl that a verifier reads for one artifact; gh stops at 1,000 attestations a digest. */
  bundlesPerFile: 10_000,
  /**
   * Brackets and commas of all bundles of a file and their statements: so many, and one for so many bytes of it. Provenance in
   * the field has one for twenty.
   */
  fileParts: 1_000_000,
  fileBytesPerPart: 24,
  /** Different member names in a file of bundles: V8 takes a microsecond for each, and bundles in the field share some 200. */
  fileNames: 100_000,
  /** Files that a folder or a glob means: a distribution's whole archive has fewer. */
  artifacts: 100_000,
  /** Folders below folders; node_modules stays below 30. */
  folderDepth: 100,
  /** An artifact that comes as a stream: larger than any release, and an end for a stream that has none. */
  artifactStreamBytes: 1024 ** 4,
  /** Bundles about one artifact that are verified; a release has a handful, each costs a few milliseconds. */
  candidates: 64,
  /** Of these, such as cannot be about it by what can be read: enough to say what is wrong with them. */
  unclearCandidates: 8,
  /** A whole .jsonl of bundles, read line by line. */
  bundleFileBytes: 512 * 1024 * 1024,
  /** Nesting of JSON: provenance in the field stays below 20. */
  jsonDepth: 64,
  /**
   * Brackets and commas of one JSON text: each may be an object in memory, many times its byte. Provenance in the field has
   * below 400; a statement full of claims has one for each 43 bytes, so `statementBytes` ends it at 390,000.
   */
  jsonParts: 1_000_000,
  /** sigstore-go refuses more (pkg/verify limits). */
  subjects: 1024,
  /** Paths that one glob may match, folders included; a release has dozens of files, `node_modules` some 50,000. */
  globMatches: 100_000,
  digestsPerSubject: 32,
  logEntries: 32,
  timestamps: 32,
  certificates: 16,
  /** The largest certificate in the corpus has 2 kB, the largest timestamp, with its certificates, 5 kB. */
  certificateBytes: 64 * 1024,
  timestampBytes: 64 * 1024,
  /** Parts of one DER element: certificates in the corpus have up to 27. */
  derElements: 256,
  /** A tree has fewer than 2^63 leaves, and so its proofs have at most a hash for each bit. */
  proofHashes: 64,
  /** Log entries, or timestamps, in the signature of a commit; gitsign writes one of each at most. */
  signatureProofs: 8,
  /** RFC 3986 has no bound; the longest certificate identity seen is below 300 characters. */
  identityCharacters: 2_048,
  /** A trusted root with the history of public-good Sigstore has 10 kB. */
  trustedRootBytes: 4 * 1024 * 1024,
  /** Trusted roots of one question; each bundle is verified under every one. */
  trustedRoots: 32,
  /** One TUF metadata file; tuf-js and python-tuf stop at 5 MB for the largest role, public-good's has 6 kB. */
  tufMetadataBytes: 5 * 1024 * 1024,
  /** Root versions that a client follows in one go; public-good made 16 in five years. */
  tufRootRotations: 256,
  /** The kept TUF repository: every root since the first, three roles, two targets. */
  tufCacheBytes: 32 * 1024 * 1024,
  keyBytes: 64 * 1024,
  /** Claims in a CI token stay below 4 kB; HTTP headers are commonly cut at 16 kB. */
  tokenBytes: 64 * 1024,
  /** JWKS and discovery documents. */
  issuerAnswerBytes: 512 * 1024,
  /** An answer of Fulcio, Rekor or a TSA. */
  serviceAnswerBytes: 8 * 1024 * 1024,
  /** sha256sum output for 1,024 subjects with long names. */
  checksumsBytes: 4 * 1024 * 1024,
  /** One input of a dispatched run; GitHub takes 64 kB for all of them. */
  inputCharacters: 65_536,
  /** Paths of changed or untracked files that are named one by one; the rest is counted. */
  namedPaths: 10,
  /** Untracked files in which an attestation is looked for: a build leaves fewer of its own, and a folder of packages more than is quick. */
  untrackedLooks: 1_000,
  /** Submodules that are named one by one; the largest projects have some dozens. */
  namedSubmodules: 100,
  /** A GitHub event payload is at most 25 MB; the inputs in it are 64 kB. */
  eventBytes: 32 * 1024 * 1024,
  /** More of a commit message is not scanned for claims, and a finding says so. */
  commitMessageBytes: 1024 * 1024,
  /** The object of a commit whose signature is looked at: its message, and headers. Larger ones nobody signs. */
  commitBytes: 1024 * 1024 + 256 * 1024,
  /** Commits whose signatures are looked at: a tenth of a millisecond each, and what stays of one is its id. */
  signedCommits: 50_000,
  /** OpenPGP signatures that are looked at: each starts a gpgv, which takes some ten milliseconds. */
  openPgpSignatures: 1_000,
  /** Signatures under certificates that are verified: one to two milliseconds each. */
  certifiedSignatures: 5_000,
  /** Signed statements about records, and the file that holds them: one for each session of the largest repository known, and room. */
  recordBundles: 10_000,
  recordAttestationBytes: 128 * 1024 * 1024,
  /** One receipt: with a thousand commits and agents it stays below. */
  receiptBytes: 64 * 1024,
  /** Receipts that are read for one release, and the bytes of their files: one for each session of the largest repository known, and room. */
  receipts: 10_000,
  receiptFileBytes: 64 * 1024 * 1024,
  /** Files in a folder of receipts. */
  receiptFiles: 10_000,
  /** Issuers in a list, which is of `configBytes`; a company has a gateway or two. */
  receiptIssuers: 100,
  /** Who is who for an issuer: a line of some 60 bytes for each person of the largest companies. */
  receiptUsersBytes: 16 * 1024 * 1024,
  /** A key set of an issuer of receipts: keys that it has, and had; each has some 200 bytes, with certificates some thousand. */
  jwksBytes: 256 * 1024,
  jwksKeys: 100,
  /** Milliseconds for one key set with all repetitions. */
  jwksBudget: 60_000,
  /** Milliseconds for a program that signs a receipt: a service in a cloud, or a token that a person touches. */
  receiptSignerTimeout: 60_000,
  /** A request to a service for receipts: 500 commits have 34 kB, and a receipt with them stays below `receiptBytes`. */
  exchangeBytes: 64 * 1024,
  exchangeCommits: 500,
  /** A vendor's token, which comes in a header; Claude Code's has one to two kB. All headers of a request together. */
  vendorTokenBytes: 16 * 1024,
  exchangeHeaderBytes: 32 * 1024,
  /** Requests that are worked on, and connections: a company has some hundred sessions, each asks a few times. */
  exchanges: 32,
  exchangeConnections: 256,
  /** Milliseconds for the headers of a request, and for all of it: who is slower keeps a place from others. */
  exchangeHeadersTimeout: 10_000,
  exchangeTimeout: 20_000,
  /** Milliseconds that open requests have to come to their end when the service is stopped: a program that signs may be on its way. */
  exchangeGrace: 15_000,
  /** Receipts for one session, and the milliseconds in which they are counted; a session commits every few minutes. */
  exchangesPerSession: 20,
  exchangeWindow: 600_000,
  /** Sessions whose receipts are counted at a time: some 100 bytes each. */
  exchangeSessions: 10_000,
  /** Environments in the configuration of a service, and repositories of one. */
  exchangeEnvironments: 100,
  exchangeRepositories: 1_000,
  /** Milliseconds: for how long keys of a vendor are good (Anthropic lets them be kept for five minutes), how soon they may be asked for
   * again, and what one attempt may take, since somebody waits for it. */
  vendorKeysKept: 300_000,
  vendorKeysPause: 10_000,
  vendorKeysBudget: 8_000,
  /** Identities that are named one by one. */
  allowedIdentities: 10_000,
  /** Lines of a file of allowed signers, and bytes: a line for each person of the largest companies. */
  allowedSigners: 200_000,
  allowedSignersBytes: 64 * 1024 * 1024,
  /** OpenPGP keys of everybody who commits; one with its signatures has some 10 kB. */
  keyringBytes: 64 * 1024 * 1024,
  /** A git-ai note for one commit; the largest seen is 60 kB. */
  noteBytes: 8 * 1024 * 1024,
  /** Line ranges in one git-ai note; the largest seen has 614. */
  noteRanges: 100_000,
  /** A file of Agent Trace in a tree: a record has some 500 bytes and one is made for every edit. */
  traceBytes: 32 * 1024 * 1024,
  /** Records in it that are read; and in a note. */
  traceRecords: 50_000,
  /**
   * Sessions that one commit message or one note may name. A commit is the work of one or two, a squashed branch of dozens;
   * and what anybody can push must not be enough to reach `sessions`, which ends an attestation.
   */
  sessionsPerCommit: 100,
  /** Pointers to checkpoints of Entire in one range; the largest repository known has 780 in all of its history. */
  checkpoints: 50_000,
  /** The metadata of a checkpoint or of a session in it; with a list of all files and a summary it has some 100 kB. */
  checkpointMetadataBytes: 4 * 1024 * 1024,
  /** One transcript: it streams by, so this bounds time. Entire cuts at 50 MB; the largest seen has 10. */
  transcriptBytes: 512 * 1024 * 1024,
  /** One row of it: with pictures in base64 the largest seen has 6 MB. A transcript that is one document, or a text, is as long. */
  transcriptRowBytes: 64 * 1024 * 1024,
  /** Lines that are kept of what one session wrote, 8 bytes each; the largest seen wrote 60,000. */
  transcriptLines: 1_000_000,
  /** Questions, answers and edits that are kept of one transcript, some 300 bytes each; the largest seen has 6,000. */
  transcriptParts: 200_000,
  /** The same of all sessions of a range. */
  transcriptPartsInAll: 2_000_000,
  /** Lines of all sessions of a range: 64 MB, and twice that while they are held against the changes. */
  transcriptLinesInAll: 8_000_000,
  /** Lines of one change whose keys are kept, 8 bytes each; what is held against transcripts was written by hand or by an agent. */
  changedLines: 1_000_000,
  /** Lines of one request that are followed into the change that it became, some 24 bytes each, of all records together. */
  carriedLines: 1_000_000,
  /** Files of transcripts in one run, of which a database holds many sessions: some developers have ten thousand. */
  transcripts: 50_000,
  /** A text that is redacted in memory: the largest transcript seen has 40 MB. */
  redactedBytes: 64 * 1024 * 1024,
  /** Words that somebody wants out of a record, and the longest of them: all are looked for in one pass over a text. */
  redactedWords: 200,
  redactedWordCharacters: 500,
  /** What is read of all of them, without secrets: 24 ms of one core for each MB, so this bounds time. Ten thousand have some 10 GB. */
  transcriptBytesInAll: 64 * 1024 ** 3,
  /** A database of transcripts, and the log of writes beside it: years of all sessions of one developer have some hundred MB. */
  transcriptDatabaseBytes: 1024 ** 3,
  /** Rows of all sessions in it, or files of all sessions in a folder that keeps each message in one: three hundred for each of ten thousand. */
  transcriptDatabaseRows: 3_000_000,
  /** What the statements that made its tables have together: some 20 kB. */
  transcriptSchemaBytes: 16 * 1024 * 1024,
  /** Refs of session records that are looked at: a commit of 300 bytes each, by which is told of which session it is. */
  sessionRecords: 50_000,
  /** The card of a record: ten thousand edits, some 150 bytes each, and the names and digests of what steered the agents. */
  recordCardBytes: 16 * 1024 * 1024,
  /** The bundle over the digest of a record: a certificate, a log entry and a statement of 300 bytes take some 12 kB. */
  recordBundleBytes: 1024 * 1024,
  /** Of all records of one run together, and as much of their redactions: some five thousand. */
  recordBundlesBytes: 64 * 1024 * 1024,
  /** Sessions that hooks noted in a clone, a small file each. */
  notedSessions: 10_000,
  notedSessionBytes: 64 * 1024,
  /** Commits in which the sessions are looked for of which records are to be made, the newest. */
  pendingCommits: 10_000,
  /** Files below a folder that is named: what an agent keeps beside its transcripts. */
  transcriptFiles: 1_000_000,
  /** All transcripts of the checkpoints of a range. The largest repository known has 0.7 GB; in a pack a few MB can become any number. */
  checkpointBytes: 8 * 1024 ** 3,
  /** A note with signed statements about its commit; the largest seen has 47 kB, in four lines. */
  sourceNoteBytes: 1024 * 1024,
  /** Bundles in one such note that are verified: one of the branch and one of each tag, and a summary of each. */
  sourceLines: 32,
  /** Controls, levels or refs in one of these statements; the most seen are five. */
  sourceWords: 64,
  /** Such bundles in one range: each costs some ten milliseconds, and a change has two. */
  sourceBundles: 10_000,
  /** Sessions in one statement: about 1 kB each, so the statement stays far below `statementBytes`. */
  sessions: 5_000,
  /** Heads of pull requests in a clone; the largest repositories of all have some 300,000 requests. */
  requestHeads: 500_000,
  /** Commits that went into the squashes of one range: some ten for each of `sessions` changes and more. */
  walkedCommits: 100_000,
  /** Changes whose added lines are all counted; of more only those of which records attribute some. */
  countedChanges: 10_000,
  /** Files of changes that are kept one by one; the lines of others are in the sums. */
  attributedFiles: 200_000,
  /** Changes that are told one by one: a release of more is told by those that name AI. */
  changes: 10_000,
  /** Claims in one range: each is a commit id of 43 bytes in the statement, more cannot fit into `statementBytes`. */
  claims: 350_000,
  /** Models of one session that are kept, and names that were said for them; one that used more than a handful is none. */
  modelsPerSession: 64,
  /** Findings that are kept one by one; the rest is counted. */
  findings: 200,
  /** Files that steer agents: a repository that collects skills has some thousand. */
  aiConfigurationFiles: 20_000,
  /** All of their contents, which stream by: skills have templates, fonts and pictures with them, some MB each. */
  aiConfigurationBytes: 512 * 1024 * 1024,
  /** One that names MCP servers, and is held in memory; the largest settings seen have some 20 kB. */
  mcpFileBytes: 1024 * 1024,
  /** MCP servers that are told by name, and names of variables and headers of one: a project has a handful of each. */
  mcpServers: 200,
  mcpNames: 50,
  /** `.countersign/config.yaml`: a hundred rows of tools have some 20 kB. */
  configBytes: 64 * 1024,
  /** Lexical parts of it: each key is held against all others of its mapping. */
  configParts: 16_384,
  /** `countersign.yaml`: the bytes of one, with some thousand revoked digests; its lexical parts; items of one of its lists. */
  policyBytes: 512 * 1024,
  policyParts: 131_072,
  policyItems: 4_096,
  /** Of a document that rules are tried on: a large statement of changes, told twice. */
  policyInputBytes: 64 * 1024 * 1024,
  /** Policies that extend each other: one of a team, of a company, of a law. */
  policyLayers: 8,
  /** Questions that its signers make, with their refs and builders: each is asked of each bundle. */
  policyQuestions: 256,
  /** Steps that all rules in CEL of a policy may take over one artifact: some seconds. How deep one may be nested. */
  celSteps: 20_000_000,
  celDepth: 64,
  /** Nodes of an expression within each other, which each take stack: a chain of operators has no brackets. */
  celLinks: 256,
  /** Rows that one rule may add to a verdict; of what fails beyond, the number is told. */
  policyRows: 200,
  /** Of a change under review: letters of a subject, a reason and a login in the words of a row, and commits whose subjects are read. */
  shownSubject: 50,
  shownReason: 120,
  shownLogin: 60,
  shownSubjects: 200,
  shownSessions: 20,
  /** Seconds that the clock of a verifier may be behind the log's. */
  policyClockSkew: 5 * 60,
  /** Days from signing a waiver until it ends: a quarter. What is needed for longer belongs into the policy, where it is reviewed. */
  waiverDays: 90,
  /** Letters of its reason, and of that of an override of disclosure: fewer are a ticket id or a "see above". */
  waiverReasonLetters: 20,
  overrideReasonLetters: 20,
  /** Characters of the reason of a waiver: a paragraph. */
  waiverReasonCharacters: 1_000,
  /** Steps in the search for rebuilders of which no two belong together: all pairs and threes of the bundles that are examined. */
  policyRebuilderSteps: 100_000,
  /** Collections in collections; its deepest place has four. */
  configDepth: 16,
  /** Rows of an organisation's own tools, and what one of them may be called; the best known tool has twenty names. */
  ownTools: 100,
  ownToolNames: 50,
  /** Trackers of an organisation, and prefixes of keys of one of them: a Jira has a project for each team. */
  ownTrackers: 20,
  trackerPrefixes: 200,
  /** Remotes beside origin: each is a question to somebody's server. */
  ownRemotes: 4,
  /** An id longer than this is no session id of any tool seen (the longest are URLs of 200 characters). */
  sessionIdCharacters: 256,
  /** Milliseconds for one answer; rekor-tiles demands at least 20 s of patience. */
  serviceTimeout: 30_000,
  /** Milliseconds for a whole signing with all its repetitions; outages of Sigstore that pass, pass within minutes. */
  retryBudget: 120_000,
  /** The most that can be asked for: Fulcio's certificates live for ten minutes, and CI tokens for less. */
  longestRetryBudget: 600_000,
  /** A prepared statement: its base64, and some hundred bytes around it. */
  preparedBytes: 23 * 1024 * 1024,
  /** Prepared statements beside one that are read to say whether its other half waits there: a job that attests each file has some. */
  preparedBeside: 64,
  /** Milliseconds to wait for another process that uses the same embedded Sigstore; one signature takes far less. */
  localLockPatience: 3_000,
  /** The lock of a file: the holder's process, host, time and id have some 150 bytes. */
  lockBytes: 4_096,
  /**
   * Milliseconds to wait for others that write the same file; each takes some milliseconds on a disk and a second on a slow
   * share, and a build matrix may have dozens.
   */
  outputLockPatience: 60_000,
  /** Milliseconds after which a writer on another machine is taken for dead: the largest file is written in far less. */
  outputLockAbandoned: 600_000,
  /** Milliseconds for one question to the remote of a clone, whose answer only makes a report more precise. */
  remoteRefsTimeout: 5_000,
  /** Names in one such question: git's server takes 65,536, and no other is known to. */
  remoteRefsAsked: 1_000,
  /** Of its answer, which names these refs and those that begin like them; a name has some 30 bytes, an id 40 or 64. */
  remoteRefsBytes: 256 * 1024,
  /** Names in one look of a reader: heads of the requests of a range, or checkpoints; ten questions, each with its patience. */
  remoteNames: 10_000,
  /** Milliseconds for one fetch. The largest store of sessions known has 0.7 GB. */
  fetchTimeout: 600_000,
  /** Of what one fetch sends. */
  fetchedBytes: 2 * 1024 ** 3,
  /** Objects of one fetch: git keeps some hundred bytes of memory for each. The largest store known has 10,000. */
  fetchedObjects: 2_000_000,
  /** Commits that a fetch says are here, the newest: what is behind them is not sent again. */
  fetchHaves: 256,
  /** Fetches of commits that no ref is known at: one gets all, and where one is not there more find out which. */
  fetchesOfCommits: 8,
  /** Changes about which a forge is asked: a question each, and GitHub gives the token of a job 1,000 an hour. */
  forgeChanges: 500,
  /** Questions to a forge in one run, whatever about: some eight for each change. GitHub gives the token of a job 1,000 an hour. */
  forgeQuestions: 900,
  /** Milliseconds for all of them, with the waiting that the forge asks for; each takes a tenth of a second or two. */
  forgeBudget: 300_000,
  /** One answer of a forge: up to thirty requests, of which each has some 30 kB at GitHub. */
  forgeAnswerBytes: 4 * 1024 * 1024,
  /** Answers that are kept until the end, so that nothing is asked twice: lists that are the same for all changes, and requests. */
  forgeKeptBytes: 32 * 1024 * 1024,
  /** Answers about one change, thirty requests each: it came of one, and a branch that lives long is in some dozens. */
  forgePages: 3,
  /** Answers of one list about a request, a commit or a branch, up to a hundred entries each. */
  forgeListPages: 10,
  /** Reviews, checks, tickets or deployments of one change: a request of years has some hundreds of each. */
  contextItems: 1_000,
  /** Characters of an address in a message that may be a ticket's; those of trackers stay below 300. */
  ticketAddressCharacters: 2_048,
  /** Tickets about which a tracker is asked: a question each, and Linear gives a key some thousand an hour. */
  trackerTickets: 500,
  /** Milliseconds for all questions to a tracker, with the waiting that it asks for. */
  trackerBudget: 120_000,
  /** One answer of a tracker: an issue with its whole text, which GitLab and GitHub send unasked, has up to a MB. */
  trackerAnswerBytes: 4 * 1024 * 1024,
  /** Sessions about which a portal is asked: a question each, and portals give a key some hundred a minute. */
  portalSessions: 500,
  /** Milliseconds for all questions to a portal, with the waiting that it asks for. */
  portalBudget: 120_000,
  /** One answer of a portal: a hundred requests of a gateway, or events of a log, have some 5 kB each. */
  portalAnswerBytes: 4 * 1024 * 1024,
  /** Answers about one session: a thousand requests, or events; a session of a day has some hundreds. */
  portalPages: 10,
  /** Repositories that a portal names for one session, and commits. */
  portalRepositories: 100,
  portalCommits: 1_000,
  /** Summary of a session: a page or two. */
  portalSummaryCharacters: 64 * 1024,
  /** Milliseconds for all marks of a change at its forge: a job waits for them, and they decide nothing. */
  markBudget: 20_000,
  /** GitHub refuses a check run with a longer summary, and more annotations in one call. */
  checkRunSummaryBytes: 65_535,
  checkRunAnnotations: 50,
  /** Annotations of one check in all, four calls of GitHub, two of Bitbucket: nobody reads more beside the lines of a change. */
  markAnnotations: 200,
  /** Bitbucket refuses more annotations in one call. */
  reportAnnotations: 100,
  /** A token for an API; the longest of the known forges, a JWT, stays below 2 kB. */
  forgeTokenBytes: 4_096,
  /** Milliseconds for a refresh of trust that a verification makes; without it a cache or the seed will do. */
  trustRefreshTimeout: 5_000,
  /** Milliseconds for a refresh that was asked for by name. */
  trustUpdateTimeout: 60_000,
  /** Milliseconds after which trust that was not refreshed is worth a warning. */
  trustAging: 24 * 3_600_000,
  /** Milliseconds after which it decides nothing: public-good's timestamp role lives as long. */
  trustStale: 7 * 24 * 3_600_000,
  /** Milliseconds for the issuer's keys or a CI token. */
  identityTimeout: 15_000,
  /** Verdicts of either kind, pass or not, that a report for a CI job shows; a row has at most some 2 kB. */
  reportedVerdicts: 1_000,
  /** Checks of one outcome that such a report shows, and policies: a row has some hundred bytes, and all verdicts mostly one policy. */
  reportedChecks: 2_000,
  reportedPolicies: 10,
  /** Characters of one document about many verdicts, which is written when all are judged: GitHub takes 10 MB of SARIF, packed. */
  documentCharacters: 64 * 1024 * 1024,
  /** GitHub refuses the whole summary of a step that has more. */
  stepSummaryBytes: 1024 * 1024,
  /** GitHub refuses a comment of more than 65,536 characters; some are left for words around it. */
  commentBytes: 60_000,
  /** GitHub shows no more annotations of a kind for a step. */
  stepAnnotations: 10,
  /** Failures that an alert names, and characters of one text in it: Teams refuses a card of more than 28 KB. */
  alertFailures: 10,
  alertCharacters: 100,
  /** Addresses that one command tells. */
  alertAddresses: 10,
  /** Milliseconds for all of them, further attempts included, and for one attempt: a job waits for it. */
  alertBudget: 10_000,
  alertAttempt: 4_000,
  /** GitLab refuses a whole dotenv report that has more, or more variables than these. */
  dotenvBytes: 5 * 1024,
  dotenvVariables: 20,

  /** Name of an environment: GitHub and GitLab take 255 characters. */
  environmentCharacters: 255,
  /** Statements about what was deployed that one deployment names; a release has one or two of each artifact. */
  deployedProvenance: 2_048,
  /** Seconds that the clock of a job may be ahead of the log's. */
  deploymentClockSkew: 5 * 60,
  /** Seconds from a deployment to its signature: a statement that was kept in an outage is signed within its run, and a token of a job lasts a day. */
  deploymentDelay: 24 * 60 * 60,

  /** An archive whose members are compared is held in memory; wheels, jars and npm packages above 100 MB are rare. */
  comparedArchiveBytes: 256 * 1024 * 1024,
  /** What one comparison may unpack of one side, archives within archives included: an end for a bomb. */
  unpackedBytes: 512 * 1024 * 1024,
  /** Members of one side, likewise: `node_modules` has some 50,000, and each of a bomb costs a hash. */
  archiveMembers: 100_000,
  /** An archive within an archive is kept until its counterpart is there: a nupkg in a zip, jars in a war. */
  nestedArchiveBytes: 32 * 1024 * 1024,
  /** All of them together, of one side. */
  keptArchiveBytes: 128 * 1024 * 1024,
  /** One extended header of tar: paths and attributes; Linux ends an attribute at 64 kB. */
  paxBytes: 1024 * 1024,
  /** Files of a folder that is compared with another. */
  comparedFiles: 10_000,
  /** Differing members that a signed statement names; it counts all. */
  signedDifferences: 100,
  /** Seconds that the clock of a rebuilding job may be ahead of the log's, and from the comparison to its signature. */
  rebuildClockSkew: 5 * 60,
  rebuildDelay: 24 * 60 * 60,
} as const
