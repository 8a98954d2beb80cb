import { describe, expect, it } from 'vitest';
import { detectProject } from '../../../src/planning/detect/detect.ts';
import { manifest, projectOf } from './project-files.ts';

interface Case {
  project: string;
  files: Record<string, string>;
  expected: object;
}

const cases: Case[] = [
  {
    project: 'an Express application with npm and Prisma',
    files: {
      'package.json': manifest({
        name: '@acme/store',
        scripts: { start: 'node dist/server.js', build: 'tsc', test: 'vitest run' },
        dependencies: { express: '5', '@prisma/client': '6' },
      }),
      'package-lock.json': '{}',
      'prisma/schema.prisma': '',
      'src/server.ts': "app.get('/api/health', ok);\napp.listen(Number(process.env.PORT ?? 4000));",
    },
    expected: {
      stack: 'node',
      name: 'store',
      install: 'npm ci',
      build: 'npm run build',
      start: 'npm run start',
      migrate: 'npx --no-install prisma migrate deploy',
      test: 'npm run test',
      health: { path: '/api/health', guessed: false },
      port: 4000,
      portEnv: { name: 'PORT', sure: true },
    },
  },
  {
    project: 'a pnpm project with a migrate script and a port in its example environment',
    files: {
      'package.json': manifest({
        scripts: { start: 'node app.js', 'db:migrate': 'knex migrate:latest' },
        dependencies: { fastify: '5' },
      }),
      'pnpm-lock.yaml': '',
      'app.js': "fastify.get('/ping', pong);\nfastify.listen({ port: process.env.APP_PORT });",
      '.env.example': 'APP_PORT=4400\n',
    },
    expected: {
      install: 'pnpm install --frozen-lockfile',
      start: 'pnpm run start',
      migrate: 'pnpm run db:migrate',
      health: { path: '/ping', guessed: false },
      port: 4400,
      portEnv: { name: 'APP_PORT', sure: true },
    },
  },
  {
    project: 'a yarn 4 project without a start script, whose main file listens',
    files: {
      'package.json': manifest({
        main: './lib/main.js',
        scripts: { test: 'echo "Error: no test specified" && exit 1' },
        devDependencies: { 'sequelize-cli': '6' },
      }),
      'yarn.lock': '',
      '.yarnrc.yml': '',
      '.sequelizerc': '',
      'lib/main.js': 'createServer(app).listen(8088)',
    },
    expected: {
      install: 'yarn install --immutable',
      start: 'node lib/main.js',
      migrate: 'yarn sequelize-cli db:migrate',
      health: { path: '/', guessed: true },
      port: 8088,
      portEnv: { name: 'PORT', sure: false },
    },
  },
  {
    project: 'a Django project with poetry and gunicorn',
    files: {
      'pyproject.toml':
        '[tool.poetry]\nname = "blog"\n[tool.poetry.dependencies]\ngunicorn = "^22"\npytest = "*"\n',
      'poetry.lock': '',
      'manage.py': '',
      'blog/wsgi.py': 'application = get_wsgi_application()',
      'blog/urls.py': "urlpatterns = [path('healthz/', healthz)]",
    },
    expected: {
      stack: 'python',
      name: 'blog',
      install: 'poetry install --no-interaction',
      start: 'poetry run gunicorn blog.wsgi --bind "127.0.0.1:$PORT"',
      migrate: 'poetry run python manage.py migrate --noinput',
      test: 'poetry run pytest',
      health: { path: '/healthz/', guessed: false },
      port: 8000,
    },
  },
  {
    project: 'a FastAPI application with uv and Alembic',
    files: {
      'pyproject.toml': '[project]\nname = "api"\ndependencies = ["fastapi", "pytest"]\n',
      'uv.lock': '',
      'alembic.ini': '',
      'src/shop/main.py': 'app = FastAPI()\n@app.get("/health")\ndef health(): ...',
    },
    expected: {
      install: 'uv sync --frozen',
      start: 'uv run uvicorn shop.main:app --host 127.0.0.1 --port "$PORT"',
      migrate: 'uv run alembic upgrade head',
      test: 'uv run pytest',
      health: { path: '/health', guessed: false },
      portEnv: { name: 'PORT', sure: true },
    },
  },
  {
    project: 'a Flask application with pip',
    files: {
      'requirements.txt': 'Flask==3.0\n',
      'app.py': 'app = Flask(__name__)\n@app.route("/status")\ndef status(): ...',
    },
    expected: {
      install: 'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
      start: '.venv/bin/flask --app app:app run --host 127.0.0.1 --port "$PORT"',
      health: { path: '/status', guessed: false },
      port: 5000,
    },
  },
  {
    project: 'a Rails application with RSpec, beside a package.json for its pages',
    files: {
      Gemfile: 'gem "rails"\ngem "puma"\n',
      'Gemfile.lock': '',
      'config/application.rb': '',
      'config/routes.rb': '  get "up" => "rails/health#show"',
      'db/migrate/20260101_users.rb': '',
      'spec/user_spec.rb': '',
      'package.json': manifest({ scripts: { start: 'esbuild' } }),
    },
    expected: {
      stack: 'ruby',
      install: 'bundle install',
      migrate: 'bundle exec rails db:migrate',
      test: 'bundle exec rspec',
      health: { path: '/up', guessed: false },
      port: 3000,
    },
  },
  {
    project: 'a Laravel application',
    files: {
      'composer.json': '{}',
      artisan: '',
      'bootstrap/app.php': "->withRouting(health: '/up')",
      'phpunit.xml': '',
    },
    expected: {
      stack: 'php',
      start: 'php artisan serve --no-reload --host=127.0.0.1 --port="$PORT"',
      migrate: 'php artisan migrate --force',
      test: 'php artisan test',
      health: { path: '/up', guessed: false },
    },
  },
  {
    project: 'a Spring Boot service with Maven and the actuator',
    files: {
      'pom.xml': '<parent>org.springframework.boot</parent> spring-boot-starter-actuator',
      mvnw: '',
    },
    expected: {
      stack: 'java',
      build: './mvnw --batch-mode package -DskipTests',
      test: './mvnw --batch-mode test',
      health: { path: '/actuator/health', guessed: false },
      port: 8080,
      portEnv: { name: 'SERVER_PORT', sure: true },
    },
  },
  {
    project: 'a Go service below cmd/',
    files: {
      'go.mod': 'module github.com/acme/shop/v2\n',
      'cmd/server/main.go':
        'package main\n\nfunc main() {\n\tmux.HandleFunc("GET /healthz", ok)\n\thttp.ListenAndServe(":"+os.Getenv("PORT"), mux)\n}\n',
      'cmd/server/main_test.go': 'package main',
    },
    expected: {
      stack: 'go',
      name: 'shop',
      build: 'go build -o .orchestra-app ./cmd/server',
      start: 'exec ./.orchestra-app',
      test: 'go test ./...',
      health: { path: '/healthz', guessed: false },
      portEnv: { name: 'PORT', sure: true },
    },
  },
  {
    project: 'a Rust service',
    files: {
      'Cargo.toml': '[package]\nname = "shop"\nversion = "1.0.0"\n',
      'Cargo.lock': '',
      'src/main.rs': 'let port = env::var("PORT"); .route("/livez", get(ok))',
    },
    expected: {
      stack: 'rust',
      build: 'cargo build --release --locked',
      start: 'exec target/release/shop',
      health: { path: '/livez', guessed: false },
    },
  },
  {
    project: 'an ASP.NET service',
    files: {
      'Shop/Shop.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web">',
      'Shop.Tests/Shop.Tests.csproj': '<PackageReference Include="Microsoft.NET.Test.Sdk" />',
      'Shop/Program.cs': 'app.MapHealthChecks("/healthz");',
    },
    expected: {
      stack: 'dotnet',
      install: 'dotnet restore Shop/Shop.csproj',
      test: 'dotnet test',
      health: { path: '/healthz', guessed: false },
      portEnv: { name: 'PORT', sure: true },
    },
  },
  {
    project: 'a folder of pages',
    files: { 'public/index.html': '<h1>hello</h1>' },
    expected: {
      stack: 'static',
      start: 'python3 -m http.server "$PORT" --bind 127.0.0.1 --directory public',
      health: { path: '/', guessed: false },
    },
  },
  {
    project: 'something with a Procfile and a Makefile',
    files: {
      Procfile: 'release: bin/migrate\nweb: bin/serve --port $PORT\n',
      Makefile: 'test: all\n\tprove\n',
    },
    expected: {
      stack: 'generic',
      start: 'bin/serve --port $PORT',
      migrate: 'bin/migrate',
      test: 'make test',
      portEnv: { name: 'PORT', sure: true },
    },
  },
  {
    project: 'something with only a Dockerfile',
    files: { Dockerfile: 'FROM debian\nEXPOSE 9000\nCMD ["/srv/app", "--name", "two words"]\n' },
    expected: { stack: 'generic', start: "/srv/app --name 'two words'", port: 9000 },
  },
];

describe('detectProject', () => {
  it.each(cases)('finds the commands of $project', async ({ files, expected }) => {
    expect(await detectProject(projectOf(files))).toMatchObject(expected);
  });

  it('names for every command found a file that exists', async () => {
    for (const { files } of cases) {
      const { evidence } = await detectProject(projectOf(files));
      expect(evidence.length).toBeGreaterThan(0);
      for (const { from } of evidence) {
        const exists = Object.keys(files).some((path) => path === from || path.startsWith(`${from}/`));
        expect(exists, from).toBe(true);
      }
    }
  });

  it('makes no start command up where no file gives one', async () => {
    const library = projectOf({
      'package.json': manifest({ name: 'left-pad', scripts: { test: 'node --test' } }),
    });
    expect((await detectProject(library)).start).toBeUndefined();
    expect(await detectProject(projectOf({}))).toMatchObject({ stack: 'unknown', evidence: [] });
  });

  it('does not take a route of the tests, or of others, for the health path', async () => {
    const files = {
      'package.json': manifest({ scripts: { start: 'x' } }),
      'test/server.js': "get('/healthz')",
      'node_modules/x/index.js': "get('/healthz')",
      'src/app.test.js': "get('/healthz')",
    };
    expect((await detectProject(projectOf(files))).health).toEqual({ path: '/', guessed: true });
  });

  it('survives a manifest that is no JSON, or JSON of another shape', async () => {
    for (const text of ['{', '[]', '{"scripts": 3}', 'null']) {
      expect((await detectProject(projectOf({ 'package.json': text }))).start).toBeUndefined();
    }
  });

  it('takes no command with control characters from a file', async () => {
    const hostile = projectOf({ Procfile: 'web: run \u001b]0;evil\u0007\n' });
    expect((await detectProject(hostile)).start).toBeUndefined();
  });

  it('does not take the database port for the application port', async () => {
    const files = {
      'package.json': manifest({ scripts: { start: 'x' } }),
      'app.js': 'const db = process.env.DB_PORT ?? 5432; const port = process.env.PORT || 7000;',
    };
    expect((await detectProject(projectOf(files))).port).toBe(7000);
  });
});
