import type { Commands, Evidence, StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

interface Tool {
  install: string;
  /** What stands before a program of the project's environment. */
  run: string;
  from: string;
}

const venv = 'python3 -m venv .venv && .venv/bin/pip install';

function toolOf(project: Project, pyproject: string): Tool | undefined {
  if (project.has('uv.lock')) return { install: 'uv sync --frozen', run: 'uv run ', from: 'uv.lock' };
  if (project.has('poetry.lock') || /^\[tool\.poetry\]/m.test(pyproject)) {
    const from = project.first('poetry.lock') ?? 'pyproject.toml';
    return { install: 'poetry install --no-interaction', run: 'poetry run ', from };
  }
  if (project.has('Pipfile.lock'))
    return { install: 'pipenv sync', run: 'pipenv run ', from: 'Pipfile.lock' };
  if (project.has('requirements.txt')) {
    return { install: `${venv} -r requirements.txt`, run: '.venv/bin/', from: 'requirements.txt' };
  }
  if (pyproject) return { install: `${venv} .`, run: '.venv/bin/', from: 'pyproject.toml' };
  return undefined;
}

const dotted = (path: string) =>
  path
    .replace(/\.py$/, '')
    .replace(/^src\//, '')
    .replaceAll('/', '.');

/** The module that makes the application object, such as `shop.main:app`. */
async function application(project: Project, maker: RegExp) {
  for (const path of project.sources(/\.py$/)) {
    const name = maker.exec(await project.text(path))?.[1];
    if (name && /^[\w/]+\.py$/.test(path)) return { target: `${dotted(path)}:${name}`, from: path };
  }
  return undefined;
}

async function serverOf(
  project: Project,
  needs: (name: string) => boolean,
  run: string,
  evidence: Evidence[],
) {
  if (project.has('manage.py')) {
    const wsgi = project.sources(/(^|\/)wsgi\.py$/)[0];
    if (wsgi && needs('gunicorn')) {
      evidence.push({ what: 'Django behind gunicorn', from: wsgi });
      return `${run}gunicorn ${dotted(wsgi)} --bind "127.0.0.1:$PORT"`;
    }
    evidence.push({ what: 'Django', from: 'manage.py' });
    return `${run}python manage.py runserver --noreload "127.0.0.1:$PORT"`;
  }
  const asgi = await application(project, /^(\w+)\s*(?::\s*\w+\s*)?=\s*(?:FastAPI|Starlette|Litestar)\(/m);
  if (asgi) {
    evidence.push({ what: 'an ASGI application', from: asgi.from });
    return `${run}uvicorn ${asgi.target} --host 127.0.0.1 --port "$PORT"`;
  }
  const flask = await application(project, /^(\w+)\s*(?::\s*\w+\s*)?=\s*Flask\(/m);
  if (!flask) return undefined;
  evidence.push({ what: 'a Flask application', from: flask.from });
  if (needs('gunicorn')) return `${run}gunicorn ${flask.target} --bind "127.0.0.1:$PORT"`;
  return `${run}flask --app ${flask.target} run --host 127.0.0.1 --port "$PORT"`;
}

/** Python with uv, poetry, pipenv or pip; Django, FastAPI, Starlette, Litestar and Flask. */
export async function detectPython(project: Project): Promise<StackFindings | undefined> {
  const pyproject = await project.text('pyproject.toml');
  const tool = toolOf(project, pyproject);
  if (!tool && !project.has('manage.py')) return undefined;
  const run = tool?.run ?? 'python3 -m ';
  const manifests = [pyproject, await project.text('requirements.txt'), await project.text('Pipfile')].join(
    '\n',
  );
  const needs = (name: string) => new RegExp(`(^|["'\\s])${name}\\b`, 'mi').test(manifests);

  const evidence: Evidence[] = [];
  const commands: Commands = {};
  if (tool) {
    commands.install = tool.install;
    evidence.push({ what: `dependencies by "${tool.install}"`, from: tool.from });
  }
  const start = await serverOf(project, needs, tool ? run : '', evidence);
  // Without a tool there is no environment to take programs from: the system's python runs manage.py.
  if (start) commands.start = tool ? start : start.replace(/^python /, 'python3 ');
  if (project.has('manage.py')) {
    commands.migrate = tool
      ? `${run}python manage.py migrate --noinput`
      : 'python3 manage.py migrate --noinput';
    evidence.push({ what: 'Django migrates', from: 'manage.py' });
  } else if (project.has('alembic.ini')) {
    commands.migrate = `${run}alembic upgrade head`;
    evidence.push({ what: 'Alembic migrates', from: 'alembic.ini' });
  }
  const pytest = project.first('pytest.ini', 'conftest.py', 'tests/conftest.py');
  if (pytest || needs('pytest')) {
    commands.test = `${run}pytest`;
    evidence.push({ what: 'pytest tests it', from: pytest ?? tool?.from ?? 'pyproject.toml' });
  } else if (project.has('manage.py')) {
    commands.test = tool ? `${run}python manage.py test --noinput` : 'python3 manage.py test --noinput';
    evidence.push({ what: "Django's own tests", from: 'manage.py' });
  }
  const name = /^name\s*=\s*["']([^"']+)["']/m.exec(pyproject)?.[1];
  return {
    stack: 'python',
    claim: commands.start ? 2 : 1,
    ...(name ? { name } : {}),
    ...commands,
    sources: /\.py$/,
    usualPort: commands.start?.includes('flask') ? 5000 : 8000,
    ...(commands.start ? { portEnv: 'PORT' } : {}),
    evidence,
  };
}
