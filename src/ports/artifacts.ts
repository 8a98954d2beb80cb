import type { ArtifactManifest, ArtifactRef, SigningPlan } from '../domain/artifact.ts';
import type { Version } from '../domain/event.ts';
import type { ServicePlan } from '../domain/plan.ts';

export interface ArtifactRequest {
  environment: string;
  version: Version;
  /** Each service once. */
  services: readonly ServicePlan[];
  signing: SigningPlan;
  /** Who signs, as git knows them. */
  by: string;
  /** Digests that deployments of the past name as theirs: only those, and what is built now, are signed. */
  known: ReadonlySet<string>;
  signal?: AbortSignal;
  onProgress?: (line: string) => void;
}

/** What a verification found of a signature. */
export type SignatureFinding =
  | { kind: 'verified'; principal: string; key: string; at: string }
  /** It is there, and nobody who is believed made it for this artifact. */
  | { kind: 'bad'; why: string }
  /** There is none, or nothing to verify it with. */
  | { kind: 'unknown'; why: string };

export interface ArtifactFinding {
  /** What is not as it was built or signed; undefined where every byte is. */
  altered?: string;
  signature: SignatureFinding;
}

/** A stored artifact, as a person sees it. */
export interface StoredArtifact {
  digest: string;
  manifest: ArtifactManifest;
  /** Bytes in the store. */
  size: number;
}

/** Where artifacts are built, kept and verified. */
export interface Artifacts {
  /**
   * The artifact of a version: the one that was built before from the same tree in the same way, else built now. Killed at
   * any moment and called again, it finds what is whole. Throws `install-failed`, `build-failed`, `missing-variable`,
   * `artifact-unportable` for what can only run where it was built, `artifact-too-large`, `artifact-altered` where what is stored is
   * not what was built.
   */
  make(request: ArtifactRequest): Promise<ArtifactRef>;
  /** The artifact that was built of a version in the way these services are built; undefined where none is kept. Builds nothing. */
  find(
    request: Pick<ArtifactRequest, 'environment' | 'version' | 'services'>,
  ): Promise<ArtifactRef | undefined>;
  /** Looks at every byte and at the signature. Throws only what keeps it from looking. */
  verify(
    ref: Pick<ArtifactRef, 'digest' | 'signature'>,
    signing: SigningPlan,
    signers?: readonly string[],
    signal?: AbortSignal,
  ): Promise<ArtifactFinding>;
  /** What is kept, the newest first; of a digest that begins so, where one is named. */
  list(digest?: string): Promise<StoredArtifact[]>;
  /** The artifact of that digest as the store knows it; undefined where there is none. */
  stored(digest: string): Promise<ArtifactRef | undefined>;
  /** Frees what nobody needs: all but these digests, those of these commits, and the newest few; how many went. */
  free(keep: { digests: ReadonlySet<string>; commits: ReadonlySet<string> }): Promise<number>;
}
