import { z } from 'zod';
import { badArtifactLink, badArtifactPath } from './artifact-path.ts';
import { counted } from './counted.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Most files, and most bytes, that the builds of one artifact may leave. */
export const artifactLimits = { files: 200_000, bytes: 8 * 1024 ** 3, manifestBytes: 128 * 1024 ** 2 };

const pathSchema = z
  .string()
  .refine((path) => badArtifactPath(path) === undefined, 'a path below the work tree');

const artifactFileSchema = z.discriminatedUnion('kind', [
  z.object({
    path: pathSchema,
    kind: z.literal('file'),
    executable: z.boolean(),
    size: z.number().int().nonnegative(),
    sha256,
  }),
  z.object({ path: pathSchema, kind: z.literal('folder') }),
  z
    .object({ path: pathSchema, kind: z.literal('link'), target: z.string() })
    .refine(({ path, target }) => badArtifactLink(path, target) === undefined, 'a link inside the work tree'),
]);
export type ArtifactFile = z.infer<typeof artifactFileSchema>;

const artifactServiceSchema = z.object({
  name: z.string(),
  install: z.string().optional(),
  build: z.string().optional(),
  /** The environment it is built in and for; then its bytes are not part of the artifact. */
  builtIn: z.string().optional(),
  /** What its build left; absent where it has none, or is built in its environment. */
  archive: z.object({ sha256, size: z.number().int().nonnegative() }).optional(),
  /** In the order of their bytes, folders before what is in them. */
  files: z.array(artifactFileSchema).max(artifactLimits.files),
  /** What its build removed. */
  removed: z.array(pathSchema).max(artifactLimits.files),
});
export type ArtifactService = z.infer<typeof artifactServiceSchema>;

/** Everything an artifact is; its SHA-256 is the artifact's digest. No time, no folder and no person is in it. */
export const artifactManifestSchema = z.object({
  schema: z.literal('orchestra/artifact@1'),
  commit: z.string(),
  tree: z.string(),
  /** Where its builds ran: the system and the processor. */
  platform: z.string(),
  lockfiles: z.array(z.object({ path: z.string(), sha256 })),
  tools: z.array(z.object({ name: z.string(), version: z.string() })),
  services: z.array(artifactServiceSchema),
});
export type ArtifactManifest = z.infer<typeof artifactManifestSchema>;

/** Who signed an artifact, as it was said when it was made; only a verification makes it true. */
const signatureMadeSchema = z.object({
  format: z.enum(['ssh', 'command']),
  /** The name that git knows of who signed. */
  by: z.string(),
  at: z.iso.datetime(),
  /** Of the file that holds the signature. */
  sha256,
});

/** An artifact that a deployment works with. */
export const artifactRefSchema = z.object({
  kind: z.literal('stored'),
  digest: sha256,
  /** The commit it was built from; another one of the same tree may use it. */
  commit: z.string(),
  /** Bytes and files that its builds left, over all services. */
  size: z.number().int().nonnegative(),
  files: z.number().int().nonnegative(),
  /** How many builds ran for it. */
  builds: z.number().int().nonnegative(),
  /** It was there already: nothing was built for this deployment. */
  reused: z.literal(true).optional(),
  signature: signatureMadeSchema.optional(),
  /** Why it has no signature. */
  unsigned: z.string().optional(),
  /** What a person should know of it. */
  notes: z.array(z.string()).optional(),
});
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

/** What a deployment has of its artifact: one in the store, or none and why. */
export const artifactStateSchema = z.discriminatedUnion('kind', [
  artifactRefSchema,
  z.object({ kind: z.literal('none'), why: z.string() }),
]);
export type ArtifactState = z.infer<typeof artifactStateSchema>;

/** How the signing of a deployment's artifact is done; paths and commands only, never a key. */
export const signingPlanSchema = z.object({
  /** Path of an ssh key, or of its public half where an agent holds it; or the public key itself, as git's `user.signingkey` may be. */
  sshKey: z.string().optional(),
  allowedSigners: z.string().optional(),
  command: z
    .object({ sign: z.array(z.string()).min(1), verify: z.array(z.string()).min(1), identity: z.string() })
    .optional(),
});
export type SigningPlan = z.infer<typeof signingPlanSchema>;

/** The first twelve digits of a digest: enough to tell it from all others that are kept. */
export const shortDigest = (digest: string): string => digest.slice(0, 12);

/** An artifact in a line. */
export function artifactWords(state: ArtifactState): string {
  if (state.kind === 'none') return `no artifact: ${state.why}`;
  const { digest, size, files, builds, reused, signature, unsigned } = state;
  const what =
    builds === 0 ? 'the tree itself, nothing was built' : `${counted(files, 'file')}, ${sizeWords(size)}`;
  const signed = signature
    ? `signed by ${signature.by}`
    : `not signed${unsigned === undefined ? '' : `: ${unsigned}`}`;
  return `artifact ${shortDigest(digest)} (${what}${reused ? '; built before, used unchanged' : ''}), ${signed}`;
}

function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
