import type { Deployment } from '../../domain/deployment.ts';
import { instantWords } from '../../domain/instant-words.ts';
import { md } from '../../domain/markdown.ts';
import { restWords } from '../../domain/rest-words.ts';
import { zoneOfPlan } from '../../domain/scheduled.ts';

/** Rows of a paper's first table: how it was asked for, where a person did not simply do it, and who approved it. Pure. */
export function askedRows(d: Deployment): [string, string][] {
  const { emergency, trigger, start, restOf, yeses = [] } = d;
  return [
    ...(restOf
      ? [
          ['The rest of', md(restWords(restOf), 500)] as [string, string],
          ...restOf.without.map(({ title, why }): [string, string] => [
            'Left out',
            `${md(title)}: ${md(why, 500)}`,
          ]),
        ]
      : []),
    ...(emergency
      ? [
          [
            '**EMERGENCY**',
            `windows and freezes did not hold it up: ${md(emergency.why)} (${md(emergency.by.name)})`,
          ] as [string, string],
        ]
      : []),
    ...(trigger?.kind === 'merge'
      ? [['Started', `on merge to ${md(trigger.branch ?? 'its branch')}`] as [string, string]]
      : []),
    ...(start
      ? [
          [
            'Rollout begins',
            start.kind === 'at' ? instantWords(start.at, zoneOfPlan(d.plan)) : 'with the next open window',
          ] as [string, string],
        ]
      : []),
    ...yeses.map(({ by, why }): [string, string] => [
      'Approved by',
      `${md(by.name)}${why ? `: ${md(why)}` : ''}`,
    ]),
  ];
}
