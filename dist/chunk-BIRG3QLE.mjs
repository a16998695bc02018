import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);

// src/attest/github-issuer.ts
var githubIssuer = "https://token.actions.githubusercontent.com";

export {
  githubIssuer
};
