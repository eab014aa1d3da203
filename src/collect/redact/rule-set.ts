// Made by scripts/redaction-rules.ts (npm run tables) from the files of this folder and the versions of the rules that they use.
/** SHA-256 over what decides which texts are secrets: two records that have the same were redacted alike. */
export const ruleSet = '6ecd8b54e6e7d43076cda6b84766d31ec883ed55eb1fb2ac5d940884ce20d4e2'
