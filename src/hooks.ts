/**
 * Hooks: what names the AI sessions of a commit while it is made, with no step of anybody's.
 *
 * @module
 */
export { useNone, useSessions } from './capture/install/by-hand.ts'
export { installHooks } from './capture/install/install.ts'
export { removeHooks } from './capture/install/remove.ts'
export { recordSignings } from './capture/install/request.ts'
export type { HooksRequest, RecordSigning } from './capture/install/request.ts'
export { hooksStatus } from './capture/install/status.ts'
export { agentIds, agentScopes } from './capture/install/agents.ts'
export type { AgentScope } from './capture/install/agents.ts'
export type { HookRow, HooksReport, HookState } from './model/hooks-report.ts'
