import { chanceText, surenessText } from '../../../domain/chance.ts';
import { choiceIn } from '../../../domain/choice.ts';
import { counted } from '../../../domain/counted.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import type { Discovery, Selection } from '../../../domain/feature.ts';
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
  const parsed = parseWanted(wanted);
  const closed = orchestrator.close(discovery, parsed);
  const selection = options.prove === true ? await orchestrator.prove(discovery, closed) : closed;
  const added = new Set(closed.added.map((a) => a.id));
  const chosen = closed.selected.filter((id) => !added.has(id));
  const strategy = parsed.kind === 'ids' ? 'custom' : parsed.kind;
  await orchestrator.saveSelection(
    { ...selection, choice: choiceIn(discovery, strategy, chosen) },
    await orchestrator.actor('cli'),
  );
  output.data(selection);
  output.text(describe(discovery, selection));
  if (selection.proof?.ok === false) {
    if (output.json) return exitCode.gateRefused;
    throw new OrchestraError('not-proved', 'these features cannot ship together as they are', {
      exit: exitCode.gateRefused,
      hint: 'leave out what conflicts, or merge it on the development branch first',
    });
  }
  return exitCode.done;
}

/** The same facts as the selection on the screen: what ships and why, what it amounts to, and how the proof stands. */
function describe(discovery: Discovery, { selected, added, proof, risk }: Selection): string[] {
  const because = new Map(added.map((a) => [a.id, a.because]));
  const ships = new Set(selected);
  const shipping = discovery.features.filter((f) => ships.has(f.id));
  const max = discovery.deployment.maxFeatures;
  return [
    `${counted(selected.length, 'feature')}: ${selected.join(', ') || 'none'}`,
    ...(selected.length === 0 ? discovery.notes.slice(0, 1) : []),
    ...(max !== undefined && selected.length > max
      ? [`! more than the ${max} features meant for one deployment`]
      : []),
    ...(risk
      ? [
          `together: ${risk.level.toUpperCase()} RISK, success ${surenessText(risk)}`,
          ...risk.factors.map((factor) => `  ${factor.text}`),
        ]
      : []),
    ...shipping.flatMap((f) => [
      `  ${because.has(f.id) ? '+' : 'x'} ${f.id}: ${f.title} (${f.bucket.replace('_', ' ')}, success ${chanceText(f.risk.probability)})`,
      ...(because.get(f.id) ?? []).map((why) => `      ${why}`),
    ]),
    ...(proof
      ? [
          proof.ok
            ? `proved: they build tree ${proof.tree} in ${counted(proof.rounds, 'round')}`
            : 'not proved: they do not apply on the base',
          proof.complement.ok
            ? 'the rest can follow later: together they give the head exactly'
            : proof.ok
              ? 'the rest does not follow cleanly:'
              : 'what does not apply:',
          ...proof.complement.conflicts.map((c) => `  ${c.id}${c.path ? ` at ${c.path}` : ''}`),
        ]
      : []),
  ].map((line) => safeText(line, 500));
}
