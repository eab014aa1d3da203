// Made by scripts/redaction-rules.ts (npm run tables) from the files of this folder and the versions of the rules that they use.
/** SHA-256 over what decides which texts are secrets: two records that have the same were redacted alike. */
export const ruleSet = '1141282a1e9c703497a2a211b1a23fabb6bcb2fd23be3a951e6346e6d99418f6'
