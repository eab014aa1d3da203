/**
 * Trust material: whose signatures count, since when, and until when.
 *
 * @module
 */
export type { TrustReport } from './model/trust-report.ts'
export type { TrustSource } from './model/trust-source.ts'
export type { World } from './platform/world.ts'
export { exportTrust } from './trust/export-trust.ts'
export type { ExportRequest, ExportedTrust } from './trust/export-trust.ts'
export { importTrust, showTrust, updateTrust } from './trust/trust.ts'
export type { ImportRequest } from './trust/trust.ts'
