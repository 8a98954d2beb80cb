import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { executionReport } from '../../../src/planning/papers/execution-report.ts';
import { code, md } from '../../../src/domain/markdown.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import { rollbackReport } from '../../../src/planning/papers/rollback-report.ts';
import { stagingPapers } from '../../../src/planning/papers/staging-papers.ts';
import { testReport } from '../../../src/planning/papers/test-report.ts';
import type { Deployment } from '../../../src/domain/deployment.ts';
import { aDeployment, aRollback, aSuccess, sha, shipped } from '../../harness/deployment.ts';
import { temporaryFolders } from '../../harness/folder.ts';
import { skeletonOf, tagsOf } from '../../harness/markup.ts';

const folder = temporaryFolders();
const paper = (deployment: Deployment, name: string): string => {
  const found = stagingPapers(deployment).find((document) => document.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found.text;
};

describe('stagingPapers', () => {
  it('S3 gives the guide, its parts and executable scripts', () => {
    const papers = stagingPapers(aDeployment().built().build());
    expect(papers.map(({ name, executable }) => `${name}${executable ? '*' : ''}`)).toEqual([
      'DEPLOYMENT_PLAN.md',
      'DEPLOYMENT_GUIDE.md',
      'TEST_PLAN.md',
      'CHECKLIST.md',
      'ROLLBACK.md',
      'deploy.sh*',
      'verify.sh*',
      'rollback.sh*',
    ]);
  });

  it('S3 the guide has it all: what ships and why, risk, tests, phases with times and criteria, rollback, issues, people', () => {
    const guide = paper(aDeployment().built().build(), 'DEPLOYMENT_GUIDE.md');
    expect(guide).toContain('feat: saved-baskets');
    expect(guide).toContain('90 % (90 % interval 78–96 %, n=12)');
    expect(guide).toContain('| canary 25 % | 25 % | 1 min | +1 min to +2 min |');
    expect(guide).toContain('at most 1 % of them ended in an error');
    for (const heading of [
      'What ships, and why',
      'What could go wrong',
      'Before',
      'Tests',
      'The rollout',
      'Rollback',
      'If something happens',
      'After: the first 30 minutes',
      'After: the first day',
      'Who should know',
      'Where it stands',
      'Commits',
      'With git',
      'Next',
    ])
      expect(guide).toContain(`\n## ${heading}\n`);
    for (const level of ['P0', 'P1', 'P2']) expect(guide).toContain(`| ${level} |`);
  });

  it('S3 the same deployment gives the same bytes', () => {
    expect(stagingPapers(aSuccess())).toEqual(stagingPapers(aSuccess()));
  });

  it('D9 a schema change makes the guide HIGH RISK with a rollback plan for the data', () => {
    const schema = (destructive: boolean, migrateDown?: string) =>
      aDeployment()
        .built()
        .with((d) => {
          d.plan.service = {
            ...d.plan.service,
            migrate: 'node up.mjs',
            ...(migrateDown === undefined ? {} : { migrateDown }),
          };
        })
        .features(
          shipped('stock', {
            flags: {
              breaking: false,
              testsTouched: true,
              schema: { kind: 'SQL migration', destructive, paths: ['db/004_stock.sql'] },
            },
          }),
        )
        .build();
    const additive = paper(schema(false), 'DEPLOYMENT_GUIDE.md');
    expect(additive).toContain('**HIGH RISK**');
    expect(additive).toContain('`db/004_stock.sql`');
    expect(additive).toContain('A rollback restores the program, never the data');
    expect(additive).toContain('The changes only add');
    expect(paper(schema(true), 'ROLLBACK.md')).toContain('removes or rewrites data');
    expect(paper(schema(false, 'node down.mjs'), 'ROLLBACK.md')).toContain(
      'After promotion a rollback takes it back too (`node down.mjs`)',
    );
    expect(paper(schema(true, 'node down.mjs'), 'ROLLBACK.md')).toContain('is not undone by it');
    expect(paper(aDeployment().built().build(), 'DEPLOYMENT_GUIDE.md')).not.toContain('HIGH RISK');
  });

  it('says that the first deployment has nothing to go back to', () => {
    const first = aDeployment()
      .built()
      .with((d) => {
        d.stable = null;
      })
      .build();
    expect(paper(first, 'ROLLBACK.md')).toContain('there is no earlier version to go back to');
  });

  it('ticks only what really happened', () => {
    const list = paper(
      aDeployment().built().suite('unit', 'passed').suite('smoke', 'failed').build(),
      'CHECKLIST.md',
    );
    expect(list).toContain('- [x] Suite `unit` passed');
    expect(list).toContain('- [ ] Suite `smoke` passed');
    expect(list).toContain('- [x] The release candidate is built');
  });
});

describe('the scripts', () => {
  /** A repository with the deployment's scripts in it, and a program that prints what it was called with. */
  function installed(deployment: Deployment): {
    run: (name: string, ...args: string[]) => { stdout: string; stderr: string; status: number | null };
    root: string;
  } {
    const root = folder();
    const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
    execFileSync('git', ['init', '-q', root], { env });
    const home = path.join(root, 'deployment_memory/current', deployment.id);
    mkdirSync(home, { recursive: true });
    for (const { name, text, executable } of stagingPapers(deployment)) {
      if (!executable) continue;
      writeFileSync(path.join(home, name), text);
      chmodSync(path.join(home, name), 0o755);
    }
    const fake = path.join(root, 'fake');
    writeFileSync(fake, '#!/bin/sh\nfor a in "$@"; do printf "<%s>" "$a"; done\necho\n');
    chmodSync(fake, 0o755);
    return {
      root,
      run: (name, ...args) =>
        spawnSync(path.join(home, name), args, { encoding: 'utf8', env: { ...env, ORCHESTRATE: fake } }),
    };
  }

  it('S3 call the program with this deployment, and pass arguments on', () => {
    const { run } = installed(aDeployment().built().build());
    expect(run('deploy.sh', '--yes').stdout).toMatch(
      new RegExp(`<deploy><--env><production><--version><${sha('b')}><--strategy><canary><--yes>\\n$`),
    );
    expect(run('rollback.sh').stdout).toMatch(/<deploy><rollback><--env><production>\n$/);
  });

  it('hand hostile names over as one word and run nothing from them', () => {
    const hostile = `x'; touch pwned; echo '$(touch pwned)\`touch pwned\``;
    const deployment = aDeployment()
      .built()
      .features(shipped('a', { title: '\n touch pwned\n#' }))
      .with((d) => {
        d.environment = hostile;
        d.plan.strategy = hostile;
      })
      .build();
    const { run, root } = installed(deployment);
    expect(run('rollback.sh').stdout).toContain(`<--env><${hostile}>`);
    expect(run('deploy.sh').stdout).toContain(`<--strategy><${hostile}>`);
    expect(spawnSync('ls', [root], { encoding: 'utf8' }).stdout).not.toContain('pwned');
  });

  it('refuse to deploy what was never built', () => {
    expect(installed(aDeployment().build()).run('deploy.sh')).toMatchObject({ status: 1, stdout: '' });
  });

  it('verify.sh fails until the expected revision is deployed and healthy', async () => {
    const server = createServer((_, answer) => answer.end('ok')).listen(0, '127.0.0.1');
    try {
      await new Promise((ready) => server.once('listening', ready));
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const { root, run } = installed(
        aDeployment()
          .built()
          .with((d) => {
            d.plan.port = port;
          })
          .build(),
      );
      const early = run('verify.sh');
      expect(early.status).toBe(1);
      expect(early.stderr).toContain(`deployed is nothing, expected ${sha('b')}`);
      mkdirSync(path.join(root, '.git/refs/orchestra/deployed'), { recursive: true });
      writeFileSync(path.join(root, '.git/refs/orchestra/deployed/production'), `${sha('b')}\n`);
      const { spawn } = await import('node:child_process');
      const child = spawn(path.join(root, 'deployment_memory/current/20260131_142500/verify.sh'), {
        env: { ...process.env, ORCHESTRATE: path.join(root, 'fake') },
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      const status = await new Promise((done) => child.once('exit', done));
      expect(output).toContain('answered ten times');
      expect(status).toBe(0);
    } finally {
      server.close();
      server.closeAllConnections();
    }
    const closed = installed(
      aDeployment()
        .built()
        .with((d) => {
          d.plan.port = 1;
        })
        .build(),
    );
    mkdirSync(path.join(closed.root, '.git/refs/orchestra/deployed'), { recursive: true });
    writeFileSync(path.join(closed.root, '.git/refs/orchestra/deployed/production'), `${sha('b')}\n`);
    expect(closed.run('verify.sh')).toMatchObject({ status: 1, stderr: expect.stringContaining('FAILED') });
  });
});

describe('reports', () => {
  it('S4 the test report says what passed, what failed with its last lines, and what to do', () => {
    const page = testReport(
      aDeployment().built().suite('unit', 'failed', ['expected 2, got 3']).build(),
    ).text;
    expect(page).toContain('1 of 2 suites did not pass: production is blocked');
    expect(page).toContain('expected 2, got 3');
    expect(page).toContain('– not run');
    expect(page).toContain('Suite unit failed (exit code 1): mend it');
    expect(testReport(aSuccess()).text).toContain('✔ All 2 suites passed');
  });

  it('S4 the test report asks for nothing from the network and runs nothing but its own search', () => {
    const tags = tagsOf(testReport(aSuccess()).text);
    for (const { name, attributes } of tags) {
      expect(['link', 'img', 'iframe', 'object', 'form']).not.toContain(name);
      expect(Object.keys(attributes).filter((key) => /^on|src|style/.test(key))).toEqual([]);
      expect(attributes['href'] ?? '#').toMatch(/^#/);
    }
    expect(tags.filter(({ name }) => name === 'script')).toHaveLength(1);
    expect(tags.find((tag) => tag.attributes['http-equiv'])?.attributes['content']).toContain(
      'default-src &#39;none&#39;',
    );
    expect(tags.find((tag) => tag.attributes['name'] === 'viewport')).toBeDefined();
  });

  it('C7 R3 the rollback report names the rule, the reach and the suspect', () => {
    const text = rollbackReport(aRollback()).text;
    expect(text).toContain(
      'In **canary 25 %** it was the limit of errors that spoke: error rate 12.5 % is over 5 %.',
    );
    expect(text).toContain(
      'at most 25 % of the traffic for 1 min 59 s; it answered 400 requests, 50 of them with an error',
    );
    expect(text).toContain('feat: saved-baskets was the only feature that was chosen');
    expect(text).toContain('Serving again: `aaaaaaa`');
    const long = aRollback();
    const spoke = long.phases.findLast((phase) => phase.decision?.kind === 'roll_back')?.decision?.verdict;
    if (spoke)
      spoke.data = {
        errorRate: 20.512820512820515,
        stableRequests: 341,
        errorEvidence: Math.log(1400),
        latencyEvidence: null,
        evidenceBound: Math.log(1000),
        memory: 82 * 1024 ** 2,
      };
    expect(rollbackReport(long).text).toContain(
      [
        '| Error rate of the new version | 20.51 % |',
        '| Requests to the old version at the same time | 341 |',
        '| Evidence that it fails more often than the old version | 1,400 : 1 |',
        '| Evidence that is enough to act | 1,000 : 1 |',
        '| Memory of the new version | 82 MB |',
      ].join('\n'),
    );
    const named = aRollback('20260131_142500', shipped('a'), shipped('b'));
    named.culprit = {
      kind: 'named',
      reason: 'Likely "feat: a": 2 of 2 stacks',
      suspects: [
        { id: 'a', title: 'feat: a', strength: 'strong', stacks: 2, of: 2, evidence: ['2 of 2 stacks'] },
      ],
      errors: [
        {
          name: 'E',
          message: '<b>|x',
          count: 2,
          alsoStable: false,
          frames: [{ path: 'src/cart.ts', line: 9 }],
        },
      ],
      routes: [{ route: 'GET /cart', failed: 2, slow: 0, stableFailed: 0, stableSlow: 0 }],
      unread: [],
    };
    const report = rollbackReport(named).text;
    expect(report).toContain('**Likely "feat: a": 2 of 2 stacks.**');
    expect(report).toContain('`src/cart.ts:9`');
    expect(report).toContain('| GET /cart | 2 | 0 | 0 | 0 |');
    expect(report).not.toContain('<b>');
    const two = rollbackReport(aRollback('20260131_142500', shipped('a'), shipped('b'))).text;
    expect(two).toContain('Which of the 2 features is behind it is unknown');
  });

  it('R3 the rollback report says what to do next about this rollback, and where its log is', () => {
    const features = [shipped('a'), shipped('b')];
    const steps = (change: (d: Deployment) => void, verdict: Partial<Verdict> = {}) => {
      const d = aRollback('20260131_142500', ...features);
      const spoke = d.phases.findLast((phase) => phase.decision?.kind === 'roll_back')?.decision;
      if (spoke) spoke.verdict = { ...spoke.verdict, ...verdict };
      change(d);
      return rollbackReport(d).text.split('## Before the next attempt\n')[1] ?? '';
    };
    const log = '`env/production/logs/bbbbbbbbbbbb.log`';
    const traced = steps((d) => {
      const frames = [{ path: 'src/cart.ts', line: 9 }];
      d.culprit = {
        kind: 'named',
        reason: 'Likely "feat: a": 2 of 2 stacks',
        suspects: [
          { id: 'a', title: 'feat: a', strength: 'strong', stacks: 2, of: 2, evidence: ['2 of 2 stacks'] },
        ],
        errors: [{ name: 'TypeError', message: 'no cart', count: 2, alsoStable: false, frames }],
        unread: [],
      };
    });
    expect(traced).toContain('1. Mend feat: a: TypeError: no cart at `src/cart.ts:9` (2 times).');
    expect(traced).toContain(log);
    expect(traced).toContain('fails, before mending it');
    expect(traced).toContain('`w` on the screen, or `orchestrate deploy rest 20260131_142500`');
    const fat = steps(() => undefined, { rule: 'memory', reason: 'the candidate uses 400 MB' });
    expect(fat).toContain('Find what holds the memory');
    expect(fat).not.toContain('test');
    expect(steps(() => undefined, { rule: 'measure:orders' })).toContain('Look at what `orders` counts');
    const person = steps((d) => {
      for (const phase of d.phases) phase.decision = undefined;
      d.status = { ...finished(d), reason: 'Ada asked for it: checkout looks odd' };
    });
    expect(person).toContain('settle why it was taken back (Ada asked for it: checkout looks odd)');
    expect(new Set([traced, fat, person]).size).toBe(3);
  });

  it('C7 the execution report has the timeline in order and the numbers of each phase', () => {
    const text = executionReport(aSuccess()).text;
    expect(text).toContain('| canary 5 % | 5 % | 400 | 0 (0.00 %) |');
    const times = [...text.matchAll(/^\| (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC \|/gm)].map(
      ([, at = '']) => at,
    );
    expect(times.length).toBeGreaterThan(15);
    expect(times).toEqual(times.toSorted());
  });
});

function finished({ status }: Deployment): Extract<Deployment['status'], { kind: 'finished' }> {
  if (status.kind !== 'finished') throw new Error(`it is ${status.kind}`);
  return status;
}

describe('hostile text', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title></style></pre><script>alert(1)</script>',
    '[click](javascript:alert(1)) ![x](http://evil.example/x.png)',
    '| a | b |',
    '`</code>` ```',
    '# heading',
    '- [x] done',
    '1. one',
    '> quote',
    '**bold** _under_ ~~gone~~ <b>html</b>',
    'https://evil.example www.evil.example',
    '\n\n# new block\n\n---\n',
    '\u001b]0;evil\u0007\u202e',
    '&lt;script&gt; &#60;',
    '\\',
    '\\`',
    '$(touch pwned) `touch pwned`',
  ];
  const everywhere = (text: string): Deployment =>
    aDeployment()
      .built()
      .features(
        shipped('a', {
          title: text,
          authors: [text],
          flags: {
            breaking: true,
            testsTouched: false,
            schema: { kind: text, destructive: true, paths: [text] },
            api: { breaking: true, paths: [text] },
          },
          risk: {
            level: 'high',
            probability: 0.4,
            interval: [0.1, 0.7],
            n: 3,
            factors: [{ name: text, effect: -0.2, text }],
          },
        }),
      )
      .suite('unit', 'failed', [text])
      .passed('testing')
      .phases(2, 'roll_back', text)
      .with((d) => {
        d.by.name = text;
        d.why = text;
        d.plan.strategyReason = text;
        d.plan.notes = [text];
        d.plan.rollback = [text];
        d.plan.service.migrate = text;
        d.plan.suites.push({ name: text, kind: 'unit', run: text, timeoutMs: 1 });
        d.risk = {
          level: 'high',
          probability: 0.4,
          interval: [0.1, 0.7],
          n: 3,
          factors: [{ name: text, effect: -0.2, text }],
        };
        d.failure = { code: text, message: text, hint: text, log: [text] };
        d.lessons = [text];
        if (d.stable) d.stable.name = text;
      })
      .suite(text, 'passed', [text])
      .finished('rolled_back', text)
      .build();
  const benign = everywhere('plain words');
  const markdownOf = (d: Deployment) => [
    ...stagingPapers(d).filter(({ name }) => name.endsWith('.md')),
    executionReport(d),
    rollbackReport(d),
  ];

  it.each(attacks)('stays text in the HTML report: %j', (text) => {
    const tags = tagsOf(testReport(everywhere(text)).text);
    const shape = (all: typeof tags) => all.map(({ name, attributes }) => [name, Object.keys(attributes)]);
    expect(shape(tags)).toEqual(shape(tagsOf(testReport(benign).text)));
  });

  it.each(attacks)('stays text in every Markdown paper: %j', (text) => {
    const plain = markdownOf(benign);
    for (const [i, { name, text: paper }] of markdownOf(everywhere(text)).entries()) {
      expect(paper, name).not.toMatch(/\p{Cc}(?<!\n)|\u202e/u);
      const outside = paper.replace(/^(`{3,}).*?^\1$/gms, 'BLOCK');
      const expected = (plain[i]?.text ?? '').replace(/^(`{3,}).*?^\1$/gms, 'BLOCK');
      expect(skeletonOf(outside), name).toBe(skeletonOf(expected));
    }
  });

  it('is shown as it was, for a reader of the page', () => {
    expect(md('a_b fix(auth): x < y & z')).toBe('a_b fix(auth): x \\< y & z');
    expect(code('a`b|c')).toBe('`` a`b\\|c ``');
  });
});
