import type { Deployment } from '../../domain/deployment.ts';
import type { Event } from '../../domain/event.ts';
import { blocks, code, md, table } from '../../domain/markdown.ts';
import { oddsWords } from '../../domain/odds.ts';
import { phaseNumbers, type SideInPhase } from '../../domain/phase-numbers.ts';
import { logBound, logEvidence } from '../../domain/sequential.ts';
import { latencyLogEvidence } from '../../domain/latency-evidence.ts';
import { shareWords } from '../../domain/share-words.ts';
import { formatSize } from '../../domain/size-setting.ts';
import type { Document } from '../../ports/memory.ts';
import { measuresTable } from './execution-report.ts';

export const ms = (value: number | undefined): string =>
  value === undefined
    ? '–'
    : value < 10
      ? `${value.toFixed(1)} ms`
      : `${Math.round(value).toLocaleString('en')} ms`;

function row(name: string, share: string, who: string, side: SideInPhase): string[] {
  const { requests, errors } = side;
  return [
    name,
    share,
    who,
    requests.toLocaleString('en'),
    requests === 0 ? '–' : `${((100 * errors) / requests).toFixed(2)} % (${errors.toLocaleString('en')})`,
    ms(side.p50),
    ms(side.p95),
    ms(side.p99),
    side.memory === undefined ? '–' : formatSize(side.memory),
  ];
}

/** Both sides in every phase, as a Markdown table; undefined where nothing was read. */
export function numbersTable(d: Deployment, events: readonly Event[]): string | undefined {
  const numbers = phaseNumbers(events);
  if (numbers.length === 0) return undefined;
  return table(
    ['Phase', 'Traffic', 'Version', 'Requests', 'Errors', 'p50', 'p95', 'p99', 'Memory at most'],
    numbers.flatMap(({ phase, candidate, stable }) => {
      const planned = d.phases[phase];
      const name = md(planned?.name ?? `phase ${phase + 1}`);
      const share = planned ? shareWords(planned) : '–';
      return [row(name, share, 'new', candidate), ...(stable ? [row(name, share, 'old', stable)] : [])];
    }),
  );
}

/** How sure it was, at the end, that the new version is worse: against the odds at which it is taken back. */
export function evidenceWords({ compared, plan, stable }: Deployment): string {
  const bound = logBound(plan.triggers.falseRollbackBudget);
  if (!stable || !Number.isFinite(bound)) return 'The two versions were not compared side by side.';
  const latency = compared.latency ? oddsWords(latencyLogEvidence(compared.latency)) : 'not compared';
  return `Odds that the new version fails more often: ${oddsWords(logEvidence(compared.errors.ratios))}; that it is slower: ${latency}. It is taken back at ${oddsWords(bound)}, whenever that is reached.`;
}

/** `metrics-report.md`: what both versions did, phase by phase. A function of the journal alone. */
export function metricsReport(d: Deployment, events: readonly Event[]): Document {
  const numbers = numbersTable(d, events);
  return {
    name: 'metrics-report.md',
    text: blocks(
      `# Metrics of deployment ${code(d.id)} in ${code(d.environment)}`,
      '## Both versions, phase by phase',
      numbers ?? 'Nothing was measured: no traffic reached the new version.',
      numbers
        ? 'Latencies are read from buckets and at most 15 % too high. Old and new are of the same time.'
        : undefined,
      numbers ? '## The comparison' : undefined,
      numbers ? evidenceWords(d) : undefined,
      measuresTable(d) === undefined ? undefined : '## Measures',
      measuresTable(d),
    ),
  };
}
