import { counted } from '../../../domain/counted.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import type { Selection } from '../../../domain/feature.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';
import { parseWanted } from './deploy.ts';

/** `select`: closes a choice, proves it when asked, and saves it as what the next deploy offers. */
export async function select(
  context: Context,
  wanted: string,
  options: { base?: string; head?: string; prove?: boolean },
): Promise<number> {
  const { orchestrator, output } = context;
  const discovery = await orchestrator.discover(options);
  const closed = orchestrator.close(discovery, parseWanted(wanted));
  const selection = options.prove === true ? await orchestrator.prove(discovery, closed) : closed;
  await orchestrator.saveSelection(selection);
  output.data(selection);
  output.text(describe(selection));
  if (selection.proof?.ok === false) {
    if (output.json) return exitCode.gateRefused;
    throw new OrchestraError('not-proved', 'these features cannot ship together as they are', {
      exit: exitCode.gateRefused,
      hint: 'leave out what conflicts, or merge it on the development branch first',
    });
  }
  return exitCode.done;
}

function describe({ selected, added, proof, risk }: Selection): string[] {
  return [
    `${counted(selected.length, 'feature')}: ${selected.join(', ') || 'none'}`,
    ...(risk
      ? [`together: ${risk.level.toUpperCase()} RISK, success ${risk.probability.toFixed(2)} (n=${risk.n})`]
      : []),
    ...added.map((a) => `  + ${a.id}: ${a.because.join('; ')}`),
    ...(proof
      ? [
          proof.ok
            ? `proved: they build tree ${proof.tree} in ${counted(proof.rounds, 'round')}`
            : 'not proved',
          proof.complement.ok
            ? 'the rest can follow later: together they give the head exactly'
            : 'the rest does not follow cleanly:',
          ...proof.complement.conflicts.map((c) => `  ${c.id} at ${c.path}`),
        ]
      : []),
  ].map((line) => safeText(line, 500));
}
