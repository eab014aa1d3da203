const at = 1_780_000_000_000

const edited = (path: string, text: string, output?: object): object => ({
  type: 'dynamic-tool',
  toolName: 'file_edit_replace_string',
  input: { path, old_string: 'x', new_string: text },
  ...(output === undefined ? {} : { output }),
})

const rows: readonly object[] = [
  {
    id: 'u1',
    role: 'user',
    metadata: { timestamp: at, historySequence: 0 },
    parts: [{ type: 'text', text: 'Add a parser of dates.' }],
  },
  {
    id: 'a1',
    role: 'assistant',
    metadata: {
      timestamp: at + 1_000,
      historySequence: 1,
      model: 'anthropic:claude-sonnet-4-5',
      usage: { inputTokens: 100, outputTokens: 20, cachedInputTokens: 60 },
      providerMetadata: { anthropic: { cacheCreationInputTokens: 30 } },
    },
    parts: [
      edited('src/a.ts', 'export const parserOfDates = 1', { success: true }),
      edited('src/b.ts', 'neverFoundThere()', { success: false }),
      edited('src/c.ts', 'stillBeingWritten()'),
      { type: 'dynamic-tool', toolName: 'bash', input: { script: 'npm run check-all-dates' } },
    ],
  },
  {
    id: 'u2',
    role: 'user',
    metadata: { historySequence: 2, synthetic: true },
    parts: [{ type: 'text', text: 'go on' }],
  },
]

export const muxChat = rows.map((it) => `${JSON.stringify({ ...it, workspaceId: 'workspace-1' })}\n`).join('')
