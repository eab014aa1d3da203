export const kiroConversation = JSON.stringify({
  conversation_id: 'kiro-session-1',
  history: [
    {
      user: { content: { Prompt: { prompt: 'Add a parser of dates.' } }, timestamp: '2026-05-17T10:00:00Z' },
      assistant: { Response: { message_id: 'a1', content: 'I can.' } },
      request_metadata: { stream_end_timestamp_ms: 1_779_012_010_000 },
    },
    {
      user: { content: { ToolUseResults: {} } },
      assistant: {
        ToolUse: {
          message_id: 'a2',
          tool_uses: [
            { id: 't1', name: 'execute_bash', args: { command: 'npm run check-all-dates' } },
            {
              id: 't2',
              name: 'fs_write',
              args: { command: 'create', path: '/w/a.ts', file_text: 'const parserOfDates = 1' },
            },
          ],
        },
      },
    },
  ],
})
