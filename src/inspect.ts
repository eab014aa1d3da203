/**
 * Inspecting: what a bundle claims, without verifying any of it.
 *
 * @module
 */
export { inspect, inspectFile } from './inspect/inspect.ts'
export { findBundleFiles } from './verify/find-bundle-files.ts'
export type { Inspection } from './model/inspection.ts'
