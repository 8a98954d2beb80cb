import { candidatePlaces } from '../../../domain/places.ts';
import type { Deployment } from '../../../domain/deployment.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { blocks, code, md, table } from '../../../domain/markdown.ts';
import { statementsOf } from '../../../domain/statements.ts';
import { isHighRisk, schemaChanges } from '../facts.ts';
import { linkWords } from '../../../domain/link.ts';
import { ownersOf } from '../people.ts';
import { shellWord } from '../scripts.ts';

/** Who decides and who looks for the cause, where that may be the same person. */
function deciding(requester: string, owners: string): string {
  return owners === requester
    ? `${requester} decides and looks for the cause`
    : `${requester} decides; the cause is for ${owners} to find`;
}

/** What to do when something goes wrong, by how bad it is: who, what, and within what time. */
export function responseSection(d: Deployment): string {
  const { triggers } = d.plan;
  const environment = shellWord(d.environment);
  const requester = md(d.by.name, 100);
  const owners = ownersOf(d);
  const schema = schemaChanges(d).length > 0;
  const back = d.stable
    ? `${code(`orchestrate deploy rollback --env ${environment}`)}, or ${code('r')} on the screen; no meeting first`
    : 'there is no version to go back to: mend it and deploy again';
  const p0 = [
    `more than ${triggers.immediateErrorRate} % of requests fail, or nobody is served`,
    ...(schema ? ['stored data is wrong or goes missing'] : []),
  ].join('; ');
  const paths = [...new Set(candidatePlaces(d.plan).map(({ service }) => service.health.path))];
  return blocks(
    table(
      ['', 'It is one when', 'Who acts', 'What they do', 'Within'],
      [
        [
          '**P0**',
          `${p0}; ${paths.map((path) => code(path)).join(', ')} stays unhealthy`,
          `whoever sees it first; ${requester} is told at once`,
          `${back}${schema ? '. Then stop all writers and follow “The data” below' : ''}`,
          '5 minutes',
        ],
        [
          '**P1**',
          `more than ${triggers.errorRate} % of requests fail, p95 more than ${triggers.latencyIncrease} % above before, or one path fails for some`,
          deciding(requester, owners),
          `during the rollout ${code(`orchestrate deploy pause --env ${environment}`)}; ${d.stable ? 'taken back unless the cause is known and small' : 'mended and deployed again'}`,
          '15 minutes to decide',
        ],
        [
          '**P2**',
          'a nuisance with a way around it; no criterion above is broken',
          owners,
          'note it with the deployment’s id, let the rollout go on, ship the fix in the next deployment',
          'the next working day',
        ],
      ],
    ),
    d.stable
      ? `Orchestra does not wait for anybody where a limit of the rollout is broken: it takes the traffic back itself, in ${formatDuration(d.plan.estimates.longestRollbackMs)} at most. After promotion nothing is taken back without a person.`
      : undefined,
  ).trimEnd();
}

/** Whom to tell what, and when. */
export function communicationSection(d: Deployment): string {
  const links = linkWords(d.links ?? []);
  const count = d.source.features.length;
  const breaking = d.source.features.filter(({ flags }) => flags.breaking || flags.api?.breaking);
  const what =
    count === 0
      ? 'an existing revision'
      : count === 1
        ? md(d.source.features[0]?.title ?? '', 100)
        : `${count} features`;
  const record = links.length === 0 ? [] : [md(links.join('; '), 400)];
  const owners = ownersOf(d);
  const rows = [
    [
      'before production begins',
      `whoever is on call for ${code(d.environment)}${isHighRisk(d) ? ' and a second person who can be reached' : ''}`,
      `what ships (${what}), the risk, ${formatDuration(d.plan.estimates.earliestPromotionMs)} at the earliest until all users have it`,
    ],
    ...breaking
      .slice(0, 5)
      .map((feature) => [
        'before production begins',
        `users of what ${listed(feature.authors)} changed`,
        `${md(feature.title, 100)} breaks something: ${md(statementsOf(feature.flags).slice(0, 2).join('; ') || 'see its commits', 200)}`,
      ]),
    ...(d.plan.approval
      ? [
          [
            'before all traffic',
            d.plan.approval.byAnother ? `an approver other than ${md(d.by.name, 100)}` : 'an approver',
            'both sides’ numbers so far, and that the rollout waits',
          ],
        ]
      : []),
    [
      'when it pauses or is taken back',
      owners === md(d.by.name, 100) ? owners : `${md(d.by.name, 100)}, ${owners}`,
      'the reason and the numbers: `rollback-report.md`',
    ],
    [
      'when it has succeeded',
      `${owners}${record.length > 0 ? `; ${record.join('')}` : ''}; support`,
      'which version serves, what is new for users: `execution-report.md`',
    ],
  ];
  return table(['When', 'Whom', 'What'], rows);
}

const listed = (names: readonly string[]): string => md(names.slice(0, 3).join(', ') || 'its authors', 100);
