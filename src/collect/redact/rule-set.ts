// Made by scripts/redaction-rules.ts (npm run tables) from the files of this folder and the versions of the rules that they use.
/** SHA-256 over what decides which texts are secrets: two records that have the same were redacted alike. */
export const ruleSet = '685d85e56511813294815107e7bb529ed408be867788ebb765b85c405e482a81'
