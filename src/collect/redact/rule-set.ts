// Made by scripts/redaction-rules.ts (npm run tables) from the files of this folder and the versions of the rules that they use.
/** SHA-256 over what decides which texts are secrets: two records that have the same were redacted alike. */
export const ruleSet = '8c0e6c3a91f6ddd9e9f19bdaf7601577fcbb28589f69ab5efd04f18b8aba9077'
