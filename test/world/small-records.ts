/** Records of the formats that few projects write, as their tools would, for tests. */

/** Lines of one file, `[first, last]` each. */
type Ranges = readonly (readonly [number, number])[]

/** A note of whogitit: every line of the ranges by the agent, and one more of each other kind, of which nothing may come. */
export function whogititNote(session: unknown, files: { readonly [path: string]: Ranges }, said: object = {}): string {
  const line = (number: number, type: string): object => ({
    ...{ line_number: number, content: 'PLANTEDCONTENT', prompt_index: 0, confidence: 1 },
    source: { type, ...(type === 'AI' ? { edit_id: '8f5c3d6a-4f95-4fa9-8d11-2d54f12e6f01' } : {}) },
  })
  return JSON.stringify({
    version: 3,
    session: {
      ...{
        session_id: session,
        model: { id: 'gpt-5.4', provider: 'openai' },
        started_at: '2026-11-01T10:00:00.5+00:00',
      },
      ...{ prompt_count: 1, used_plan_mode: false, subagent_count: 0 },
    },
    prompts: [
      { index: 0, text: 'PLANTEDPROMPT', timestamp: '2026-11-01T10:00:00Z', affected_files: ['/home/PLANTEDPATH'] },
    ],
    files: Object.entries(files).map(([path, ranges]) => ({
      path,
      lines: [
        ...ranges.flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, index) => line(first + index, 'AI')),
        ),
        ...['Original', 'AIModified', 'Human', 'Unknown'].map((type, index) => line(90 + index, type)),
      ],
      summary: { total_lines: 1 },
    })),
    ...said,
  })
}

/** A note of agentblame, of version 2. */
export function agentblameNote(
  provider: unknown,
  files: { readonly [path: string]: Ranges },
  said: object = {},
): string {
  const attributions = Object.entries(files).flatMap(([path, ranges]) =>
    ranges.map(([startLine, endLine]) => ({
      ...{ path, startLine, endLine, category: 'ai_generated', provider, model: 'gpt-5.4' },
      ...{ confidence: 1, matchType: 'exact_hash', contentHash: `sha256:${'0'.repeat(64)}` },
    })),
  )
  return JSON.stringify({ version: 2, timestamp: '2026-11-01T10:00:00Z', attributions, ...said })
}

/** What a trace says beside its lines. */
export interface TraceSaid {
  readonly revision?: string
  readonly version?: string
  readonly url?: unknown
  readonly type?: string
  readonly tool?: unknown
  readonly metadata?: object
}

/** A record of Agent Trace, one line. */
export function traceRecord(
  files: { readonly [path: string]: Ranges },
  { revision, version = '0.1.0', url, type = 'ai', tool = { name: 'codex', version: '1.0' }, metadata }: TraceSaid = {},
): string {
  return JSON.stringify({
    ...{ version, id: '550e8400-e29b-41d4-a716-446655440000', timestamp: '2026-11-01T10:00:00Z' },
    ...(revision === undefined ? {} : { vcs: { type: 'git', revision } }),
    tool,
    files: Object.entries(files).map(([path, ranges]) => ({
      path,
      conversations: [
        {
          ...(url === undefined ? {} : { url }),
          contributor: { type, model_id: 'openai/gpt-5.4' },
          ranges: ranges.map(([start_line, end_line]) => ({ start_line, end_line, content_hash: 'murmur3:9f2e8a1b' })),
          related: [{ type: 'prompt', url: 'https://example.org/PLANTEDPROMPT' }],
        },
      ],
    })),
    metadata: { command: 'PLANTEDCOMMAND', ...metadata },
  })
}

/** A statement about the run of an agent that made `commit`, of build type Agent Commit v0.3. */
export function agentCommitStatement(commit: string, invocationId: unknown, inner: object = {}): object {
  const agent = {
    model: { provider: 'openai', modelId: 'gpt-5.4' },
    runtime: { name: 'codex', version: '1.2.0' },
    tools: [{ name: 'mcp', uri: 'oci://example.org/PLANTEDTOOL' }],
  }
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ uri: 'git+https://github.com/acme/widget@refs/heads/agent/issue-42', digest: { gitCommit: commit } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://refs.arewm.com/agent-commit/v0.3',
        externalParameters: {
          task: { uri: 'https://github.com/acme/widget/issues/42' },
          prompt: Buffer.from('PLANTEDPROMPT').toString('base64'),
          target: {
            ...{ repository: 'git+https://github.com/acme/widget', baseRef: 'refs/heads/main' },
            baseCommit: 'e'.repeat(40),
          },
        },
        internalParameters: { agent, ...inner },
      },
      runDetails: {
        builder: { id: 'https://agents.example/pod/v1' },
        metadata: { invocationId, startedOn: '2026-11-01T10:00:00Z', finishedOn: '2026-11-01T10:18:22Z' },
        byproducts: [{ name: 'observed-filesystem', annotations: { observations: ['/home/PLANTEDPATH'] } }],
      },
    },
  }
}

/** The statement in a bare envelope, one line, with a signature that holds under no key. */
export function bareEnvelope(statement: object): string {
  return JSON.stringify({
    payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
    payloadType: 'application/vnd.in-toto+json',
    signatures: [{ sig: 'AAAA' }],
  })
}
