/**
 * Bundle files: joining them.
 *
 * @module
 */
export { mergeBundles } from './store/merge.ts'
export type { MergeRequest, Merged } from './store/merge.ts'
