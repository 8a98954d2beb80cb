import type { Project } from '../project.ts';
import { kindOf, reportFile, type SuiteFinding, type SuiteFindings } from './suite-finding.ts';

type FindSuites = (project: Project, test: string | undefined) => Promise<SuiteFindings>;

const none: SuiteFindings = { suites: [], left: [] };
const only = (suite: SuiteFinding): SuiteFindings => ({ suites: [suite], left: [] });

/** Folders of tests whose names say another kind than unit, below `base`. */
function folders(project: Project, base: string, file: RegExp): string[] {
  const names = project.paths
    .filter((path) => path.startsWith(`${base}/`) && file.test(path))
    .map((path) => path.split('/')[1] ?? '')
    .filter((name) => /^[\w-]+$/.test(name) && kindOf(name) !== 'unit');
  return [...new Set(names)];
}

/** Whether what the install command installs brings pytest along: not every list of a project is installed. */
async function installsPytest(project: Project): Promise<boolean> {
  const pyproject = await project.text('pyproject.toml');
  const named = /(?:^|["'\s])pytest\b/m;
  if (project.has('uv.lock') || project.has('poetry.lock') || /^\[tool\.poetry\]/m.test(pyproject))
    return named.test(pyproject);
  if (project.has('Pipfile.lock'))
    return named.test(/^\[packages\]([^[]*)/m.exec(await project.text('Pipfile'))?.[1] ?? '');
  if (project.has('requirements.txt')) return named.test(await project.text('requirements.txt'));
  return named.test(/^dependencies\s*=\s*\[([^\]]*)\]/m.exec(pyproject)?.[1] ?? '');
}

const python: FindSuites = async (project, test) => {
  if (test === undefined || !test.endsWith('pytest'))
    return test === undefined ? none : only(plain(test, 'manage.py'));
  const from =
    project.first('pytest.ini', 'conftest.py', 'tests/conftest.py', 'pyproject.toml') ?? 'requirements.txt';
  if (!(await installsPytest(project)))
    return { suites: [], left: [{ what: 'tests of pytest, which no list that is installed names', from }] };
  const apart = folders(project, 'tests', /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/);
  const suite = (name: string, what: string, more: string): SuiteFinding => ({
    name,
    kind: kindOf(name),
    run: `${test}${more} --junitxml=${reportFile(name, 'xml')}`,
    report: reportFile(name, 'xml'),
    why: { what, from },
  });
  return {
    suites: [
      suite('unit', 'pytest tests it', apart.map((name) => ` --ignore=tests/${name}`).join('')),
      ...apart.map((name) => suite(name.toLowerCase(), `pytest tests of tests/${name}`, ` tests/${name}`)),
    ],
    left: [],
  };
};

const plain = (run: string, from: string): SuiteFinding => ({
  name: 'unit',
  kind: 'unit',
  run,
  why: { what: 'it tests the project', from },
});

const go: FindSuites = (project) => {
  const from = project.match(/_test\.go$/);
  if (!project.has('go.mod') || from === undefined) return Promise.resolve(none);
  return Promise.resolve(only({ ...plain('go test -json ./...', from), why: { what: 'Go tests', from } }));
};

const cargo: FindSuites = (project, test) =>
  Promise.resolve(project.has('Cargo.toml') && test !== undefined ? only(plain(test, 'Cargo.toml')) : none);

const java: FindSuites = async (project, test) => {
  const manifest = project.first('pom.xml', 'build.gradle', 'build.gradle.kts');
  if (manifest === undefined || test === undefined) return none;
  const text = await project.text(manifest);
  const why = (what: string) => ({ what, from: manifest });
  const unit: SuiteFinding = { ...plain(test, manifest), why: why('its reports are found by themselves') };
  const maven = manifest === 'pom.xml';
  if (!(maven ? /maven-failsafe-plugin/ : /\bintegrationTest\b/).test(text)) return only(unit);
  const integration: SuiteFinding = {
    name: 'integration',
    kind: 'integration',
    run: maven ? test.replace(/ test$/, ' verify') : test.replace(/ test$/, ' integrationTest'),
    why: why(maven ? 'Failsafe runs integration tests' : 'a task integrationTest'),
  };
  return { suites: [unit, integration], left: [] };
};

const ruby: FindSuites = async (project, test) => {
  if (test === undefined || !project.has('Gemfile')) return none;
  if (!test.endsWith('rspec')) return only(plain(test, 'Gemfile'));
  const from = project.match(/^spec\/.*_spec\.rb$/) ?? 'spec';
  if (!/\brspec\b|\brspec-/.test((await project.text('Gemfile')) + (await project.text('Gemfile.lock'))))
    return { suites: [], left: [{ what: 'tests of RSpec, which the Gemfile does not name', from }] };
  const apart = folders(project, 'spec', /_spec\.rb$/).filter(
    (name) => kindOf(name) !== 'integration' || name === 'integration',
  );
  const suite = (name: string, more: string): SuiteFinding => ({
    name,
    kind: kindOf(name),
    run: `${test}${more} --format progress --format json --out ${reportFile(name, 'json')}`,
    report: reportFile(name, 'json'),
    why: { what: 'RSpec tests it', from },
  });
  const without = apart.length === 0 ? '' : ` --exclude-pattern "spec/{${apart.join(',')}}/**/*_spec.rb"`;
  return { suites: [suite('unit', without), ...apart.map((name) => suite(name, ` spec/${name}`))], left: [] };
};

const php: FindSuites = async (project, test) => {
  const from = project.first('phpunit.xml', 'phpunit.xml.dist');
  if (test === undefined || from === undefined) return none;
  const installed = /"(?:phpunit\/phpunit|pestphp\/pest|symfony\/phpunit-bridge)"/.test(
    await project.text('composer.json'),
  );
  if (!installed)
    return { suites: [], left: [{ what: 'tests of PHPUnit, which composer.json does not name', from }] };
  const text = (await project.text(from)).slice(0, 100_000);
  const names = [...text.matchAll(/<testsuite\s+name="([\w-]{1,40})"/g)].map(([, name = '']) => name);
  const suite = (name: string, more: string): SuiteFinding => ({
    name,
    kind: kindOf(name),
    run: `${test}${more} --log-junit ${reportFile(name, 'xml')}`,
    report: reportFile(name, 'xml'),
    why: { what: 'PHPUnit tests it', from },
  });
  if (new Set(names.map(kindOf)).size < 2) return only(suite('unit', ''));
  return { suites: names.map((name) => suite(name.toLowerCase(), ` --testsuite ${name}`)), left: [] };
};

const dotnet: FindSuites = async (project, test) => {
  if (test === undefined || !test.startsWith('dotnet')) return none;
  const projects = project.paths.filter((path) => /\.(cs|fs)proj$/.test(path)).slice(0, 50);
  for (const from of projects) {
    if (!/JunitXml\.TestLogger/.test(await project.text(from))) continue;
    return only({
      ...plain(`${test} --logger junit`, from),
      report: '**/TestResults/*.xml',
      why: { what: 'a logger that writes JUnit XML', from },
    });
  }
  return only({
    ...plain(test, projects[0] ?? ''),
    why: { what: '.NET tests, by their exit code', from: projects[0] ?? '' },
  });
};

/** How the suites of each stack are found, by the name its detector gives. */
export const suitesByStack: ReadonlyMap<string, FindSuites> = new Map([
  ['python', python],
  ['go', go],
  ['rust', cargo],
  ['java', java],
  ['ruby', ruby],
  ['php', php],
  ['dotnet', dotnet],
]);
