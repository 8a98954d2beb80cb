import type { StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

/** Plain pages: an index.html and nothing that would serve it. Python's own server is on most machines. */
export function detectStatic(project: Project): Promise<StackFindings | undefined> {
  const page = project.first('index.html', 'public/index.html', 'site/index.html', 'www/index.html');
  if (!page) return Promise.resolve(undefined);
  const folder = page.includes('/') ? page.slice(0, page.indexOf('/')) : '.';
  return Promise.resolve({
    stack: 'static',
    claim: 1,
    start: `python3 -m http.server "$PORT" --bind 127.0.0.1 --directory ${folder}`,
    sources: /\.html$/,
    usualPort: 8000,
    portEnv: 'PORT',
    healthPath: { path: '/', from: page },
    evidence: [{ what: 'pages without a server of their own', from: page }],
  });
}
