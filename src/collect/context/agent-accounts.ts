/**
 * Whether an account of a forge is a person's or an agent's. A login can be anybody's elsewhere, so the tools' accounts count at GitHub
 * alone, and where it has numbers, by these; what the forge says to be no person's is `bot` where no tool is known.
 */
import type { Account } from '../../model/context.ts'
import type { SaidAccount } from '../forge/context-row.ts'
import type { ToolTable } from '../sessions/tools.ts'

/** `host` is that of the forge, as it stands in the addresses of its repositories. */
export function accountAt(host: string, tools: ToolTable): (said: SaidAccount) => Account {
  return ({ login, number, isBot }) => {
    const isApp = isBot || /\[bot\]$/i.test(login)
    const tool =
      host === 'github.com' ? ownerAtGitHub(login, number, tools) : isApp ? tools.ofAccount(`@${login}`) : undefined
    return { host, login, agent: tool ?? (isApp ? 'bot' : undefined) }
  }
}

function ownerAtGitHub(login: string, number: number | undefined, tools: ToolTable): string | undefined {
  const address = `${number === undefined ? '' : `${number}+`}${login}@users.noreply.github.com`
  return tools.ofAddress(address, login)?.tool
}

/** Where an API is, and how its accounts are called. */
export function hostOfApi(api: string): string {
  const { hostname } = new URL(api)
  return hostname.replace(/^api\.(?=github\.com$|bitbucket\.org$|[a-z0-9-]+\.ghe\.com$)/, '')
}
