import type { FileDiff } from '../diff.ts';
import { isLockfile } from '../generated-files.ts';
import { isNobodysInterface } from './api/paths.ts';
import type { Detector } from './detector.ts';
import { isInfrastructure } from './infrastructure.ts';
import { type Statement, tell } from './statements.ts';
import { isTest } from './tests.ts';

const paths =
  /(?:^|\/)(?:\.env[^/]*|config\/[^/]+(?:\/[^/]+)?|configs?\.[cm]?[jt]s|config\.(?:json|ya?ml|toml|ini|py|rb|php)|[^/]+\.config\.[cm]?[jt]s|settings\.(?:py|json|ya?ml|toml)|appsettings[^/]*\.json|application[^/]*\.(?:properties|ya?ml)|[^/]+\.(?:ini|cfg|conf|properties)|orchestra\.yaml|tsconfig[^/]*\.json|\.(?:npmrc|nvmrc|babelrc|node-version|tool-versions))$/iu;

/** Prose, routes and words in a folder of settings; and a program's own `config.ts` deep among its modules. */
const noSetting =
  /\.(?:md|mdx|rst|adoc|txt|html?|css|erb)$|(?:^|\/)config\/(?:routes(?:\.rb$|\/)|locales\/|brakeman\.ignore$)|(?:[^/]+\/){4}configs?\.[cm]?[jt]s$|(?:^|\/)__\w+__\//iu;

/** How a line names a setting: a variable of an environment file, a key of a properties file, a variable that code reads. */
const forms: readonly (readonly [file: RegExp, line: RegExp, word: string])[] = [
  [/(?:^|\/)\.env[^/]*$/iu, /^\s*(?:export\s+)?#?\s?([A-Z_][A-Z0-9_]{1,100})\s*=/u, 'variable'],
  [/\.(?:properties|ini|cfg|conf)$/iu, /^\s*([\w.-]{1,120})\s*[=:]/u, 'setting'],
  [
    /\.(?:[cm]?[jt]s|json|ya?ml|py|rb|php|toml)$/iu,
    /(?:process\.env\.|process\.env\[["']|ENV\[["']|ENV\.fetch\(["']|os\.environ(?:\.get)?[[(]["']|getenv\(["']|\benv\(["'])([A-Z_][A-Z0-9_]{1,100})/u,
    'variable',
  ],
];

/** D5: settings the product or its build reads, and which of them came and went. */
export const config: Detector = {
  name: 'config',
  detect({ files }) {
    const touched = files.filter(
      ({ path }) =>
        paths.test(path) &&
        !noSetting.test(path) &&
        !isInfrastructure(path) &&
        !isTest(path) &&
        !isNobodysInterface(path) &&
        !isLockfile(path),
    );
    if (touched.length === 0) return {};
    const named = compareSettings(touched);
    const changes = tell(named.length > 0 ? named : touched.map(changedFile));
    return { config: true, ...(changes.length > 0 && { configChanges: changes }) };
  },
};

/** What is told of a file none of whose changed lines names a setting. */
const changedFile = ({ path, status }: FileDiff): Statement => ({
  text: `${status === 'added' ? 'adds' : status === 'deleted' ? 'removes' : 'changes'} ${path}`,
  breaks: false,
});

/** Names only, never values: a value may be a secret. */
function compareSettings(files: readonly FileDiff[]): Statement[] {
  const names = (side: 'added' | 'removed') =>
    new Set(
      files.flatMap((file) =>
        file[side].flatMap(({ text }) => {
          const form = forms.find(([pattern, line]) => pattern.test(file.path) && line.test(text));
          return form ? [`${form[2]} ${form[1].exec(text)?.[1] ?? ''}`] : [];
        }),
      ),
    );
  const [now, was] = [names('added'), names('removed')];
  const statements: Statement[] = [];
  for (const name of was) if (!now.has(name)) statements.push({ text: `removes ${name}`, breaks: true });
  for (const name of now)
    statements.push({ text: `${was.has(name) ? 'changes' : 'adds'} ${name}`, breaks: false });
  return statements;
}
