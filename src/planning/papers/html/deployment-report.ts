import type { Deployment } from '../../../domain/deployment.ts';
import { formatDuration } from '../../../domain/duration.ts';
import type { Event } from '../../../domain/event.ts';
import { html, type Html, type HtmlValue } from '../../../domain/html.ts';
import { restWords } from '../../../domain/rest-words.ts';
import { linkWords } from '../../../domain/link.ts';
import { rolloutCurves } from '../../../domain/rollout-curves.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Document } from '../../../ports/memory.ts';
import { executionReport } from '../execution-report.ts';
import { instant, outcomeNames, outcomeOf, riskLabel, shippedVersion, successChance } from '../facts.ts';
import { metricsReport } from '../metrics-report.ts';
import { deploymentPlan } from '../plan/deployment-plan.ts';
import { rollbackReport } from '../rollback-report.ts';
import { htmlFromMarkdown } from './from-markdown.ts';
import { factList, htmlPage } from './page.ts';
import { rolloutPlots } from './rollout-plots.ts';

export const deploymentReportName = 'report.html';

const marks = { succeeded: '✔', rolled_back: '↩', failed: '✖', blocked: '✖', halted: '◷' } as const;
const classes = {
  succeeded: 'passed',
  rolled_back: 'failed',
  failed: 'failed',
  blocked: 'failed',
  halted: 'waiting',
} as const;

/** A paper without its first heading, which the page says already. */
function paperBody({ text }: Document): Html {
  return htmlFromMarkdown(text.replace(/^# .*\n/, ''));
}

/** `report.html`: all there is to say of a deployment in one file, with plots. A function of its journal: the same events, the same bytes. */
export function deploymentReport(d: Deployment, events: readonly Event[]): Document {
  const end = outcomeOf(d);
  const version = shippedVersion(d);
  const curves = rolloutCurves(events);
  const links = linkWords(d.links ?? []);
  const wentBack = end?.outcome === 'rolled_back' || d.status.kind === 'rolling_back';
  const count = d.source.features.length;
  const facts: [string, HtmlValue][] = [
    ['Environment', safeText(d.environment, 100)],
    [
      'Version',
      version ? `${safeText(version.name, 200)} (${safeText(version.sha.slice(0, 12))})` : 'none was built',
    ],
    [
      'Before it',
      d.stable ? `${safeText(d.stable.name, 200)} (${safeText(d.stable.sha.slice(0, 12))})` : 'nothing',
    ],
    ['Ships', count === 0 ? 'an existing revision' : `${count} feature${count === 1 ? '' : 's'}`],
    ['Strategy', safeText(d.plan.strategy, 100)],
    ['Risk', `${riskLabel(d)}; chance of success said beforehand: ${successChance(d)}`],
    [
      'Asked for',
      `${safeText(d.by.name, 100)}, ${instant(d.requestedAt)}${d.why === undefined ? '' : `: ${safeText(d.why, 300)}`}`,
    ],
    ['Took', d.status.kind === 'finished' ? formatDuration(d.status.durationMs) : 'under way'],
    ...(links.length > 0 ? [['Belongs to', safeText(links.join('; '), 500)] as [string, HtmlValue]] : []),
    ...(d.restOf ? [['The rest of', safeText(restWords(d.restOf), 500)] as [string, HtmlValue]] : []),
  ];
  const sections: { id: string; title: string; body: Html }[] = [
    {
      id: 'rollout',
      title: 'The rollout',
      body: curves
        ? rolloutPlots(d, curves)
        : html`<p>No traffic reached the new version, so there is nothing to draw.</p>`,
    },
    ...(wentBack ? [{ id: 'rollback', title: 'Rollback', body: paperBody(rollbackReport(d)) }] : []),
    { id: 'metrics', title: 'Metrics', body: paperBody(metricsReport(d, events)) },
    { id: 'execution', title: 'What was done', body: paperBody(executionReport(d)) },
    {
      id: 'plan',
      title: 'The plan, as it ended',
      body: html`<details>
        <summary>The whole plan</summary>
        ${paperBody(deploymentPlan(d))}
      </details>`,
    },
  ];
  const word = end ? outcomeNames[end.outcome] : 'under way';
  return {
    name: deploymentReportName,
    text: htmlPage({
      title: `${d.environment} ${d.id}: ${word}`,
      body: html`<h1>Deployment ${safeText(d.id, 40)}</h1>
        <p class="verdict ${end ? classes[end.outcome] : 'waiting'}">
          ${end ? marks[end.outcome] : '…'} ${word}
        </p>
        ${end ? html`<p>${safeText(end.reason, 1000)}</p>` : undefined} ${factList(facts)}
        <nav aria-label="Sections">
          <ul>
            ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li> `)}
          </ul>
        </nav>
        ${sections.map(
          ({ id, title, body }) =>
            html`<section id="${id}" aria-label="${title}">
              <h2>${title}</h2>
              ${body}
            </section> `,
        )}`,
      footer: html`Made from the journal of ${safeText(d.id, 40)} as of ${instant(d.updatedAt)}, event
      ${d.seq}.`,
    }),
  };
}
