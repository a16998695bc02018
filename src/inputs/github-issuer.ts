/** The issuer of the OIDC tokens of jobs on github.com. docs.github.com, "OpenID Connect reference" */
export const githubIssuer = 'https://token.actions.githubusercontent.com';
