import type { Detector } from './detector.ts';

const paths =
  /(?:^|\/)(?:(?:docker|container)file[^/]*|[^/]+\.dockerfile|\.dockerignore|(?:docker-)?compose[^/]*\.ya?ml|jenkinsfile[^/]*|procfile|vagrantfile|serverless\.ya?ml|fly\.toml|railway\.(?:json|toml)|vercel\.json|netlify\.toml|render\.yaml|app\.ya?ml|\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines\.yml|bitbucket-pipelines\.yml|cloudbuild\.ya?ml|buildspec\.ya?ml|nginx[^/]*\.conf|haproxy[^/]*\.cfg|pulumi[^/]*\.ya?ml|skaffold\.ya?ml)$|\.(?:tf|tfvars|hcl|bicep)$|(?:^|\/)(?:\.github\/(?:workflows|actions)|\.circleci|\.buildkite|k8s|kubernetes|helm|charts|terraform|ansible|deploy(?:ment)?s?\/(?:k8s|helm|kustomize)|kustomize|cloudformation|\.ci)\//iu;

/** Whether a path describes where and how the product is built or run. */
export function isInfrastructure(path: string): boolean {
  return paths.test(path);
}

/** D5: containers, orchestration, provisioning, CI. */
export const infrastructure: Detector = {
  name: 'infrastructure',
  detect: ({ files }) => (files.some(({ path }) => isInfrastructure(path)) ? { infrastructure: true } : {}),
};
