// Made by scripts/redaction-rules.ts (npm run tables) from the files of this folder and the versions of the rules that they use.
/** SHA-256 over what decides which texts are secrets: two records that have the same were redacted alike. */
export const ruleSet = '1871bcee9b7d219577814c8fb30d5c9bada07bab21fd3a98a8418d0c8be84d6c'
