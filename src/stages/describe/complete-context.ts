import { type GitHubApi, openGitHubApi } from '../../github/github-api.ts';
import { readCommitTime, readRepository } from '../../github/repository-facts.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { openTransport } from '../../lib/http/transport.ts';
import type { Runtime, WorkflowContext } from '../../runtime.ts';

/** Longest wait for optional facts, in milliseconds. */
const longestAnswer = 15_000;

/**
 * Completes the context from GitHub's API with facts that the event and git lack: the repository's description, license
 * and default branch, and the time of the commit. A fact that cannot be read stays unknown.
 */
export async function completeContext({ githubToken: token }: Inputs, runtime: Runtime): Promise<WorkflowContext> {
  const { context, log, env } = runtime;
  const { apiUrl, repository, sha } = context;
  const lacksRepository = context.description === undefined;
  const lacksTime = context.commitTime === undefined && sha !== undefined;
  if (apiUrl === undefined || repository === undefined || !(lacksRepository || lacksTime)) return context;
  if (token === undefined) {
    log.info('github-token is not set, so facts that the event lacks, such as description and license, stay unknown.');
    return context;
  }
  const transport = openTransport({ insecureHosts: [], env });
  const ask = async <T>(fact: string, question: (api: GitHubApi) => Promise<T>): Promise<T | undefined> => {
    try {
      const api = openGitHubApi({ apiUrl, token, send: transport.send, log: { ...log, info: log.debug } });
      return await inTime(question(api));
    } catch (error) {
      log.info(`Continuing without ${fact}: ${messageOf(error)}`);
      return undefined;
    }
  };
  try {
    const facts = lacksRepository
      ? await ask("the repository's description and license", api => readRepository(api, repository))
      : {};
    const commitTime = lacksTime
      ? await ask('the time of the commit', api => readCommitTime(api, { repository, sha }))
      : undefined;
    return { ...context, ...facts, ...(commitTime === undefined ? {} : { commitTime }) };
  } finally {
    await transport.close();
  }
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure(`no answer in ${longestAnswer / 1000} s.`)), longestAnswer);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
