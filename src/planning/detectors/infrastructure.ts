import type { FileDiff } from '../diff.ts';
import type { Detector } from './detector.ts';
import { type Statement, tell } from './statements.ts';
import { isTest } from './tests.ts';

const paths =
  /(?:^|\/)(?:(?:docker|container)file[^/]*|[^/]+\.dockerfile|\.dockerignore|(?:docker-)?compose[^/]*\.ya?ml|jenkinsfile[^/]*|procfile|vagrantfile|serverless\.ya?ml|fly\.toml|railway\.(?:json|toml)|vercel\.json|netlify\.toml|render\.yaml|app\.ya?ml|\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines\.yml|bitbucket-pipelines\.yml|cloudbuild\.ya?ml|buildspec\.ya?ml|nginx[^/]*\.conf|haproxy[^/]*\.cfg|pulumi[^/]*\.ya?ml|skaffold\.ya?ml)$|\.(?:tf|tfvars|hcl|bicep)$|(?:^|\/)(?:\.github\/(?:workflows|actions)|\.circleci|\.buildkite|k8s|kubernetes|helm|charts|terraform|ansible|deploy(?:ment)?s?\/(?:k8s|helm|kustomize)|kustomize|cloudformation|\.ci)\//iu;

/** Whether a path describes where and how the product is built or run. */
export function isInfrastructure(path: string): boolean {
  return paths.test(path) && !/\.(?:md|mdx|rst|adoc|txt|png|svg|jpe?g)$/iu.test(path);
}

/** How a line names something that is run: what it is, its name, and what it is set to. */
const forms: readonly (readonly [file: RegExp, line: RegExp, word: string])[] = [
  [
    /(?:docker|container)file/iu,
    /^\s*FROM\s+(?:--\S{1,60}\s+)?([^\s:@]{1,200})(?:[:@](\S{1,100}))?/iu,
    'base image',
  ],
  [/(?:docker|container)file/iu, /^\s*EXPOSE\s+(\d{1,5})()/iu, 'port'],
  [/(?:docker|container)file/iu, /^\s*(?:ENV|ARG)\s+([A-Z_]\w{0,100})()/iu, 'variable'],
  [/\.ya?ml$/iu, /^\s*-?\s*image:\s*["']?([^\s:@"']{1,200})(?:[:@]([^\s"']{1,100}))?/u, 'image'],
  // A pinned commit says nothing to a person; the comment behind it does.
  [
    /\.ya?ml$/iu,
    /^\s*-?\s*uses:\s*["']?([\w./-]{1,200})@(?:[0-9a-f]{40}["']?\s*#\s*(?=v?\d))?([\w./-]{1,100})/u,
    'action',
  ],
  [/(?:^|\/)Chart\.ya?ml$/u, /^(version|appVersion):\s*["']?([\w.+-]{1,60})/u, 'chart'],
  [
    /(?:^|\/)(?:values[^/]*|kustomization)\.ya?ml$/u,
    /^\s*-?\s*(tag|newTag):\s*["']?([\w.+-]{1,100})/u,
    'image',
  ],
  [/\.ya?ml$/iu, /^\s*(replicas|minReplicas|maxReplicas):\s*(\d{1,9})/u, ''],
  [/\.(?:tf|hcl)$/iu, /^\s*(resource|module|data)\s+"([^"]{1,200})"(?:\s+"([^"]{1,200})")?/u, ''],
  [
    /\.tf$/iu,
    /^\s*(instance_type|engine_version|desired_count|desired_capacity)\s*=\s*"?([\w.-]{1,100})/u,
    '',
  ],
];

/** D5: containers, orchestration, provisioning, CI, and what of them is new. */
export const infrastructure: Detector = {
  name: 'infrastructure',
  detect({ files }) {
    const touched = files.filter(({ path, oldPath }) =>
      [path, oldPath].some((one) => isInfrastructure(one) && !isTest(one)),
    );
    if (touched.length === 0) return {};
    const named = touched.flatMap(compareLines);
    const changes = tell(
      named.length > 0 ? named : touched.map(({ path }) => ({ text: `changes ${path}`, breaks: false })),
    );
    return { infrastructure: true, ...(changes.length > 0 && { infrastructureChanges: changes }) };
  },
};

/** A digest's first letters are enough to tell it from another. */
const short = (version: string) => version.replaceAll(/[0-9a-f]{40,}/gu, (digest) => digest.slice(0, 10));

function compareLines(file: FileDiff): Statement[] {
  if (file.status === 'added' || file.status === 'deleted')
    return [{ text: `${file.status === 'added' ? 'adds' : 'removes'} ${file.path}`, breaks: false }];
  const named = (lines: FileDiff['added']) =>
    new Map(
      lines.flatMap(({ text }): [string, string][] => {
        const form = forms.find(([path, line]) => path.test(file.path) && line.test(text));
        const match = form?.[1].exec(text);
        if (!form || !match) return [];
        if (match[3] !== undefined) return [[`${match[1]} ${match[2]}.${match[3]}`, '']];
        return [[`${form[2]} ${match[1]}`.trim(), short(match[2] ?? '')]];
      }),
    );
  const [now, was] = [named(file.added), named(file.removed)];
  const statements: Statement[] = [];
  const versioned = (name: string, version: string) => (version === '' ? name : `${name}:${version}`);
  for (const [name, version] of now) {
    const old = was.get(name);
    if (old === undefined) statements.push({ text: `adds ${versioned(name, version)}`, breaks: false });
    else if (old !== version) {
      const bare = name.slice(name.lastIndexOf(' ') + 1);
      const text = /^(?:chart|image) (?:version|appVersion|tag|newTag)$/u.test(name)
        ? `${name} ${old} → ${version}`
        : `${versioned(name, old)} → ${versioned(bare, version)}`;
      statements.push({ text, breaks: false });
    }
  }
  for (const name of was.keys())
    if (!now.has(name)) statements.push({ text: `removes ${name}`, breaks: false });
  return statements;
}
