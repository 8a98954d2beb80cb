import type { FileDiff } from '../diff.ts';
import { isLockfile } from '../generated-files.ts';
import type { Detector } from './detector.ts';
import { isInfrastructure } from './infrastructure.ts';
import { type Statement, tell } from './statements.ts';
import { isTest } from './tests.ts';

const paths =
  /(?:^|\/)(?:\.env[^/]*|config\/[^/]+(?:\/[^/]+)?|configs?\.[cm]?[jt]s|config\.(?:json|ya?ml|toml|ini|py|rb|php)|[^/]+\.config\.[cm]?[jt]s|settings\.(?:py|json|ya?ml|toml)|appsettings[^/]*\.json|application[^/]*\.(?:properties|ya?ml)|[^/]+\.(?:ini|cfg|conf|properties)|orchestra\.yaml|tsconfig[^/]*\.json|\.(?:npmrc|nvmrc|babelrc|node-version|tool-versions))$/iu;

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
      ({ path }) => paths.test(path) && !isInfrastructure(path) && !isTest(path) && !isLockfile(path),
    );
    if (touched.length === 0) return {};
    const changes = tell(compareSettings(touched));
    return { config: true, ...(changes.length > 0 && { configChanges: changes }) };
  },
};

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
