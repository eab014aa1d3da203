// Made by scripts/redaction-rules.ts (npm run tables) from the files of this folder and the versions of the rules that they use.
/** SHA-256 over what decides which texts are secrets: two records that have the same were redacted alike. */
export const ruleSet = 'c331fe393bd6bd53b118f6b383ef18208322f38b5692b7c6aadf896d0c7f094d'
