import type { Commands, Evidence, StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

/** PHP with Composer; Laravel, Symfony, and a public/index.php served by PHP itself. */
export async function detectPhp(project: Project): Promise<StackFindings | undefined> {
  if (!project.has('composer.json') && !project.match(/^(public\/)?index\.php$/)) return undefined;
  const evidence: Evidence[] = [];
  const commands: Commands = {};
  if (project.has('composer.json')) {
    commands.install = 'composer install --no-interaction --prefer-dist';
    evidence.push({
      what: 'dependencies by Composer',
      from: project.first('composer.lock') ?? 'composer.json',
    });
  }
  const laravel = project.has('artisan');
  if (laravel) {
    commands.start = 'php artisan serve --no-reload --host=127.0.0.1 --port="$PORT"';
    commands.migrate = 'php artisan migrate --force';
    evidence.push({ what: 'Laravel serves and migrates', from: 'artisan' });
  } else {
    const front = project.first('public/index.php', 'index.php');
    if (front) {
      const folder = front.startsWith('public/') ? 'public' : '.';
      commands.start = `php -S "127.0.0.1:$PORT" -t ${folder} ${front}`;
      evidence.push({ what: "PHP's own server in front of it", from: front });
    }
    if (project.has('bin/console') && project.match(/^migrations\/.*\.php$/)) {
      commands.migrate = 'php bin/console doctrine:migrations:migrate --no-interaction --allow-no-migration';
      evidence.push({ what: 'Doctrine migrates', from: 'migrations' });
    }
  }
  const phpunit = project.first('phpunit.xml', 'phpunit.xml.dist');
  if (phpunit) {
    commands.test = laravel ? 'php artisan test' : 'vendor/bin/phpunit';
    evidence.push({ what: 'PHPUnit tests it', from: phpunit });
  }
  const health = /health:\s*["'](\/[\w/-]+)["']/.exec(await project.text('bootstrap/app.php'))?.[1];
  return {
    stack: 'php',
    claim: commands.start ? 2 : 1,
    ...commands,
    sources: /\.php$/,
    usualPort: 8000,
    ...(commands.start ? { portEnv: 'PORT' } : {}),
    ...(health ? { healthPath: { path: health, from: 'bootstrap/app.php' } } : {}),
    evidence,
  };
}
