import type { Commands, Evidence, StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

/** Ruby with Bundler; Rails, and anything with a config.ru. */
export async function detectRuby(project: Project): Promise<StackFindings | undefined> {
  if (!project.has('Gemfile')) return undefined;
  const gems = await project.text('Gemfile');
  const has = (gem: string) => new RegExp(`^\\s*gem\\s+["']${gem}["']`, 'm').test(gems);
  const evidence: Evidence[] = [{ what: 'a Ruby project', from: project.first('Gemfile.lock') ?? 'Gemfile' }];
  const commands: Commands = { install: 'bundle install' };

  const rails = has('rails') && project.has('config/application.rb');
  if (rails) {
    commands.start = 'bundle exec rails server --binding 127.0.0.1 --port "$PORT" --pid "tmp/pids/$PORT.pid"';
    evidence.push({ what: 'Rails', from: 'config/application.rb' });
    if (project.match(/^db\/migrate\//)) {
      commands.migrate = 'bundle exec rails db:migrate';
      evidence.push({ what: 'Rails migrates', from: 'db/migrate' });
    }
    if (project.match(/^app\/assets\//) && (has('sprockets-rails') || has('propshaft'))) {
      commands.build = 'bundle exec rails assets:precompile';
      evidence.push({ what: 'assets are built', from: 'Gemfile' });
    }
  } else if (project.has('config.ru')) {
    commands.start = has('puma')
      ? 'bundle exec puma --bind "tcp://127.0.0.1:$PORT"'
      : 'bundle exec rackup --host 127.0.0.1 --port "$PORT"';
    evidence.push({ what: 'a Rack application', from: 'config.ru' });
  }
  if (project.match(/^spec\/.*_spec\.rb$/)) {
    commands.test = 'bundle exec rspec';
    evidence.push({ what: 'RSpec tests it', from: 'spec' });
  } else if (rails && project.match(/^test\/.*_test\.rb$/)) {
    commands.test = 'bundle exec rails test';
    evidence.push({ what: 'Rails tests it', from: 'test' });
  } else if (project.has('Rakefile') && project.match(/^test\/.*\.rb$/)) {
    commands.test = 'bundle exec rake test';
    evidence.push({ what: 'Rake tests it', from: 'Rakefile' });
  }
  const routes = await project.text('config/routes.rb');
  return {
    stack: 'ruby',
    claim: commands.start ? 2 : 1,
    ...commands,
    sources: /\.(rb|ru)$/,
    usualPort: rails ? 3000 : 9292,
    ...(commands.start ? { portEnv: 'PORT' } : {}),
    ...(/^\s*get\s+["']\/?up["']/m.test(routes)
      ? { healthPath: { path: '/up', from: 'config/routes.rb' } }
      : {}),
    evidence,
  };
}
