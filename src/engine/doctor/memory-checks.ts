import { failed, passed, skipped, warning, type Finding } from '../../domain/check.ts';
import { counted } from '../../domain/counted.ts';
import type { AuditTrail } from '../../ports/audit.ts';
import type { Backups } from '../../ports/backups.ts';
import type { HowMuch, Inspection } from '../../ports/inspection.ts';
import type { Check } from './doctor.ts';

/** How long the audit trail is read, in milliseconds: some hundred thousand entries. */
const chainMs = 4000;

export interface MemoryCheckPorts {
  inspection: Inspection;
  audit: AuditTrail;
  backups: Backups;
}

/** The memory's files, and whether they agree. */
export function memoryChecks({ inspection, audit, backups }: MemoryCheckPorts, much: HowMuch): Check[] {
  const part = (id: string, title: string, look: () => Promise<readonly Finding[]>): Check => ({
    id,
    title,
    run: async () => ((await inspection.folder()) === undefined ? noMemory : look()),
  });
  return [
    part('memory.folder', 'Folder', async () => (await inspection.folder()) ?? []),
    part('memory.documents', 'Documents', () => inspection.documents()),
    part('memory.journals', 'Journals', () => inspection.journals(much)),
    part('memory.records', 'Records', () => inspection.records(much)),
    part('memory.derived', 'Index and patterns', () => inspection.derived()),
    part('memory.leftovers', 'Leftovers', () => inspection.leftovers()),
    part('memory.set-aside', 'Set aside', () => inspection.setAside()),
    { id: 'memory.reset', title: 'Resets', run: () => resets(backups) },
    { id: 'audit.chain', title: 'Audit trail', run: () => chain(audit, much) },
  ];
}

const noMemory = skipped('there is no memory yet: `orchestrate init` or the first deployment makes it');

async function resets(backups: Backups): Promise<Finding> {
  const known = await backups.list();
  const open = known.find(({ state }) => state !== 'done');
  if (open)
    return failed(
      `the reset of ${open.name} was interrupted; nothing is lost, the parts are in the memory or in backups/${open.name}`,
      '`orchestrate reset` ends it, `orchestrate reset --undo` takes it back.',
    );
  return passed(
    known.length === 0 ? 'none' : `${counted(known.length, 'backup')}, the newest ${known[0]?.name}`,
  );
}

async function chain(audit: AuditTrail, { newest }: HowMuch): Promise<Finding[]> {
  const signal = newest === Infinity ? undefined : AbortSignal.timeout(chainMs);
  const verdict = await audit.verify(signal).catch((error: unknown) => {
    if (signal?.aborted === true) return undefined;
    throw error;
  });
  if (!verdict)
    return [
      warning(
        `it is too long to be read whole in ${chainMs / 1000} s`,
        '`orchestrate audit --verify` reads all of it.',
      ),
    ];
  const { entries, problems, more, end } = verdict;
  if (entries === 0 && problems.length === 0) return [skipped('nothing was written down yet')];
  const found = problems.map(({ kind, text }) =>
    kind === 'torn'
      ? warning(text)
      : failed(
          text,
          'Compare audit.ndjson with a copy of yours; somebody changed it. `orchestrate audit --verify` names every place.',
        ),
  );
  return [
    ...found,
    ...(more > 0 ? [failed(`${more} more problems`)] : []),
    ...(problems.length === 0
      ? [passed(`${counted(entries, 'entry', 'entries')}, each follows from the one before`)]
      : []),
    ...(end === 'unknown'
      ? [
          warning(
            'the state folder does not know its last entry: whether some are missing at the end cannot be told',
            'The next entry is known again.',
          ),
        ]
      : []),
  ];
}
