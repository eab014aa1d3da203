/** What can be wrong with files of an AI configuration. Their digests count all the same. */
export const aiConfigurationReader = 'ai-configuration'

export const aiConfigurationFindings = {
  'ai-configuration-broken':
    'a file of AI configuration that should name MCP servers and is broken: its servers are not named',
  'ai-configuration-other-form': 'a file of AI configuration that names MCP servers in a form that is not read',
  'ai-configuration-withheld':
    'names of MCP servers, variables or headers that are no names, hold an address or a secret, or are too many: they are not told',
} as const
export type AiConfigurationCode = keyof typeof aiConfigurationFindings
