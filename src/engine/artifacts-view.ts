import { shortDigest, type ArtifactRef } from '../domain/artifact.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { gatesSettingsSchema } from '../domain/gate-settings.ts';
import { isPlaceKey } from '../domain/place-key.ts';
import type { Settings } from '../domain/settings.ts';
import { signatureTrouble } from '../gates/before/artifact.ts';
import type { Artifacts, StoredArtifact } from '../ports/artifacts.ts';
import type { Git } from '../ports/git.ts';
import type { Journals } from '../ports/journal.ts';
import type { Memory } from '../ports/memory.ts';
import { journalOrRecord } from './fold.ts';
import { signingPlan } from './signing-plan.ts';

/** What a look at one artifact found; texts safe to print. */
export interface ArtifactLook {
  digest: string;
  /** Who uses it: environments, or a deployment that was named. */
  of: string[];
  status: 'whole' | 'altered' | 'refused';
  /** What is wrong with it, or that every byte is right. */
  detail: string;
  signature:
    | { kind: 'verified'; principal: string; key: string; at: string }
    | { kind: 'bad' | 'unknown'; why: string };
}

/** What faces ask about artifacts. */
export interface Artifactual {
  /** What is kept, the newest first. */
  artifacts(): Promise<StoredArtifact[]>;
  /**
   * Looks at every byte and the signature of a deployment's artifact, of those whose digest begins so, or of all that serves. Throws
   * `unknown-artifact` (2) where there is none.
   */
  verifyArtifacts(wanted?: string): Promise<ArtifactLook[]>;
}

interface Ports {
  git: Git;
  memory: Memory;
  journals: Journals;
  artifacts: Artifacts;
  readSettings: () => Promise<{ settings: Settings; hash: string }>;
}

/** The artifacts of this repository, for faces. */
export function createArtifactual(ports: Ports): Artifactual {
  const { memory, artifacts } = ports;

  async function serving(): Promise<{ of: string; ref: ArtifactRef }[]> {
    const newest = await memory.newest();
    const found = await Promise.all(
      Object.entries(newest).map(async ([environment, { succeeded }]) => {
        const record = succeeded === null ? undefined : await memory.record(succeeded);
        return record?.artifact?.kind === 'stored' ? [{ of: environment, ref: record.artifact }] : [];
      }),
    );
    return found.flat();
  }

  async function wantedOnes(wanted: string | undefined): Promise<{ of: string; ref: ArtifactRef }[]> {
    if (wanted === undefined) return serving();
    if (/^[0-9a-f]{6,64}$/.test(wanted)) {
      const kept = await artifacts.list(wanted);
      const refs = await Promise.all(kept.map(({ digest }) => artifacts.stored(digest)));
      const served = (await serving()).filter(({ ref }) => ref.digest.startsWith(wanted));
      const others = refs.filter((ref) => ref && !served.some(({ ref: one }) => one.digest === ref.digest));
      return [...served, ...others.flatMap((ref) => (ref ? [{ of: 'the store', ref }] : []))];
    }
    const d: Deployment | undefined = isPlaceKey(wanted)
      ? await journalOrRecord(ports, wanted, () => undefined)
      : undefined;
    return d?.artifact?.kind === 'stored' ? [{ of: d.id, ref: d.artifact }] : [];
  }

  return {
    artifacts: () => artifacts.list(),
    async verifyArtifacts(wanted) {
      const found = await wantedOnes(wanted);
      if (wanted !== undefined && found.length === 0)
        throw new OrchestraError('unknown-artifact', `there is no artifact of ${wanted}`, {
          exit: exitCode.usage,
          hint: '`orchestrate artifact list` shows what is kept; a deployment has one once its candidate is built',
        });
      const settings = await ports.readSettings().then(
        (read) => read.settings,
        () => undefined,
      );
      const signing = settings ? await signingPlan(ports.git, settings) : {};
      const usual = gatesSettingsSchema.parse({}).artifact;
      const byDigest = new Map<string, { ref: ArtifactRef; of: string[] }>();
      for (const { of, ref } of found) {
        const known = byDigest.get(ref.digest);
        byDigest.set(ref.digest, { ref, of: [...(known?.of ?? []), of] });
      }
      return Promise.all(
        [...byDigest.values()].map(async ({ ref, of }): Promise<ArtifactLook> => {
          const gates = of.map((name) => settings?.environments[name]?.gates.artifact ?? usual);
          const looked = await artifacts.verify(ref, signing).catch((error: unknown) => ({
            altered: messageOf(error),
            signature: { kind: 'unknown' as const, why: 'it could not be looked at' },
          }));
          const { altered, signature } = looked;
          const refused = gates.flatMap(({ signature: how, signers }) => {
            const other = signature.kind === 'verified' && signers.length > 0;
            if (other && !signers.includes(signature.principal))
              return [`${signature.principal} is not among the signers`];
            return signatureTrouble(signature, how) ?? [];
          });
          return {
            digest: ref.digest,
            of,
            status: altered === undefined ? (refused.length > 0 ? 'refused' : 'whole') : 'altered',
            detail:
              altered ??
              refused[0] ??
              `${shortDigest(ref.digest)}: every byte is what was built from ${ref.commit.slice(0, 12)}`,
            signature,
          };
        }),
      );
    },
  };
}
