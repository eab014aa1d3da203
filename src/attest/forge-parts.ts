/** What it takes to ask a forge, loaded together where a token for one is given. */
export { accountAt, hostOfApi } from '../collect/context/agent-accounts.ts'
export { forgeAddress } from '../collect/forge/api-address.ts'
export { openForge } from '../collect/forge/ask-forge.ts'
export { openAsking } from '../collect/forge/asking.ts'
