/**
 * Variables of a GitLab job for a push to the default branch. docs.gitlab.com, "Predefined CI/CD variables reference".
 */
export const gitlabJob = {
  CI: 'true',
  GITLAB_CI: 'true',
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_REF_NAME: 'main',
  CI_COMMIT_SHA: '1ecfd275763eff1d6b4844ea3168962458c9f27a',
  CI_COMMIT_SHORT_SHA: '1ecfd275',
  CI_COMMIT_TIMESTAMP: '2022-02-02T12:40:00Z',
  CI_DEFAULT_BRANCH: 'main',
  CI_PIPELINE_SOURCE: 'push',
  CI_PIPELINE_URL: 'https://gitlab.example.com/acme/app/-/pipelines/4611',
  CI_PROJECT_DESCRIPTION: 'Says hello',
  CI_PROJECT_NAME: 'app',
  CI_PROJECT_PATH: 'acme/app',
  CI_PROJECT_URL: 'https://gitlab.example.com/acme/app',
} as const;
