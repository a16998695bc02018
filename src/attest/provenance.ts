import type { Json } from '../lib/json-object.ts';
import type { WorkflowContext } from '../runtime.ts';

/** Something that a build used. SLSA v1.0, "ResourceDescriptor". */
export interface Dependency {
  readonly name?: string;
  readonly uri: string;
  /** By algorithm: `gitCommit`, `sha256`. */
  readonly digest?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** How an image was built. */
export interface Build {
  readonly workflow: NonNullable<WorkflowContext['workflow']>;
  readonly eventName: string;
  /** The image's name in `installable`, if the step has several. */
  readonly name: string | undefined;
  /** The inputs of the step that are set, without secrets. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly dependencies: readonly Dependency[];
  /** Store paths of the derivations, one for each platform. */
  readonly derivations: readonly string[];
  readonly nixVersion: string | undefined;
  /** Store paths of the derivations that this run built twice, with the same files; undefined if it did not check. */
  readonly rebuilt: readonly string[] | undefined;
  /** The earlier build whose result was pushed: its time, and the page of its run. */
  readonly reused: { readonly time: string; readonly run: string | undefined } | undefined;
  /** Identity of the workflow that signs, if it differs from the workflow that was started. */
  readonly identity: string | undefined;
}

/**
 * The predicate of SLSA provenance v1 with the build type of GitHub's workflows. Our own fields are named `nixImage_…`,
 * as the in-toto parsing rules require. https://actions.github.io/buildtypes/workflow/v1
 */
export function provenancePredicate(build: Build): Json {
  const { workflow, eventName, name, inputs, dependencies, derivations, nixVersion, rebuilt, reused, identity } = build;
  const { server, repository, path, ref } = workflow;
  return {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: {
        workflow: { ref, repository: `${server}/${repository}`, path },
        ...(name === undefined ? {} : { nixImage_name: name }),
        nixImage_inputs: inputs,
      },
      internalParameters: {
        github: {
          event_name: eventName,
          repository_id: workflow.repositoryId,
          repository_owner_id: workflow.ownerId,
          runner_environment: workflow.runnerEnvironment,
        },
        ...(derivations.length === 0 ? {} : { nixImage_derivations: derivations }),
      },
      resolvedDependencies: dependencies,
    },
    runDetails: {
      builder: {
        id: identity ?? `${server}/${repository}/${path}@${ref}`,
        ...(nixVersion === undefined ? {} : { version: { nix: nixVersion } }),
      },
      metadata: {
        invocationId: workflow.invocation,
        ...(rebuilt === undefined ? {} : { nixImage_rebuiltDerivations: rebuilt }),
        ...(reused === undefined ? {} : { nixImage_reusedBuild: reused }),
      },
    },
  };
}
