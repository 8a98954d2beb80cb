import type { Platform } from '../../src/ports/platform.ts';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactRef, SigningPlan } from '../../src/domain/artifact.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import { startCandidate } from '../../src/engine/candidate-side.ts';
import { lookAtGates } from '../../src/engine/check-gates.ts';
import type { Rollout } from '../../src/engine/rollout.ts';
import { artifactWorld, signingOf, sshKey, type ArtifactWorld } from '../harness/artifacts.ts';
import { Fold, requested } from '../harness/deployment-events.ts';
import { plan } from '../harness/plan.ts';
import { World } from '../harness/world.ts';

/** Bytes that are flipped, spread over all that is stored of an artifact. */
const flips = 1000;

let world: ArtifactWorld;
let ref: ArtifactRef;
let signing: SigningPlan;
let sha: string;
const ada = sshKey('ada');
const eve = sshKey('eve');

beforeAll(async () => {
  world = await artifactWorld();
  signing = signingOf([ada]);
  sha = world.commit();
  ref = await world.artifacts.make(world.request(sha, { signing }));
});
afterAll(() => world.remove());

const files = () => {
  const root = join(world.stateDir, 'artifacts');
  return ['archives', 'manifests', 'signatures'].map((folder) =>
    join(root, folder, readdirSync(join(root, folder))[0] ?? ''),
  );
};

/** A deployment that is about to start its candidate, and how often its platform and router were asked to do something. */
function about(
  over: {
    severity?: 'blocking' | 'warning' | 'off';
    signature?: 'required' | 'optional';
    signers?: string[];
  } = {},
  made: ArtifactRef = ref,
  how: SigningPlan = signing,
): { rollout: Rollout; calls: () => number; d: Deployment } {
  const settings = gatesSettingsSchema.parse({ artifact: over });
  const fold = new Fold(
    requested({ plan: plan({ artifact: { signing: how }, gates: { settings, overrides: [] } }) }),
  ).add(
    {
      type: 'candidate.built',
      effect: 'e',
      version: { sha, name: 'v2' },
      tree: 't',
      branch: null,
      commits: 1,
    },
    { type: 'artifact.built', effect: 'e', artifact: made },
  );
  const ports = new World().conductor();
  let calls = 0;
  const counted =
    <A extends unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      calls += 1;
      return act(...args);
    };
  const { platform } = ports;
  return {
    rollout: {
      ports: {
        ...ports,
        artifacts: world.artifacts,
        platform: {
          ...platform,
          prepare: counted((...args: Parameters<Platform['prepare']>) => platform.prepare(...args)),
          start: counted((...args: Parameters<Platform['start']>) => platform.start(...args)),
          scale: counted((...args: Parameters<Platform['scale']>) => platform.scale(...args)),
        },
      },
      deployment: fold.d,
      effect: 'e',
      fence: 1,
      signal: new AbortController().signal,
      post: () => undefined,
    },
    calls: () => calls,
    d: fold.d,
  };
}

const gateOf = async (rollout: Rollout) => {
  const event = await lookAtGates(rollout, 'before');
  return event.type === 'gates.checked' ? event.results.find(({ id }) => id === 'artifact') : undefined;
};

describe('G1 an artifact that was altered', () => {
  it(`is refused before the platform is asked anything, whichever of ${flips} bytes was flipped and whatever the gate’s severity`, async () => {
    const originals = files().map((file) => ({ file, bytes: readFileSync(file) }));
    expect(originals).toHaveLength(3);
    const { rollout, calls } = about({ severity: 'off' });
    let refused = 0;
    for (let i = 0; i < flips; i++) {
      const { file, bytes } = originals[i % 3] ?? { file: '', bytes: Buffer.alloc(0) };
      const at = Math.floor(((i / 3) * bytes.length) / (flips / 3)) % bytes.length;
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (i % 8));
      writeFileSync(file, flipped);
      try {
        const code = await startCandidate(rollout).then(
          () => `started with byte ${at} of ${file} flipped`,
          (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
        );
        expect(code).toBe('artifact-altered');
        refused += 1;
      } finally {
        writeFileSync(file, bytes);
      }
    }
    expect(refused).toBe(flips);
    expect(calls()).toBe(0);
    await startCandidate(rollout);
    expect(calls(), 'unaltered it starts').toBe(1);
  }, 120_000);

  it('ends the look at the gates before production, so that nothing of production is touched', async () => {
    const [archive = ''] = files();
    const bytes = readFileSync(archive);
    writeFileSync(archive, Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]));
    try {
      await expect(lookAtGates(about({ severity: 'warning' }).rollout, 'before')).rejects.toMatchObject({
        code: 'artifact-altered',
        exit: 4,
      });
    } finally {
      writeFileSync(archive, bytes);
    }
  });

  it('is refused where its parts are another artifact’s: manifest, archive or signature', async () => {
    const second = await artifactWorld();
    try {
      await second.artifacts.make(second.request(second.commit({ 'input.txt': 'other\n' }), { signing }));
      const root = join(second.stateDir, 'artifacts');
      const others = ['archives', 'manifests', 'signatures'].map((folder) =>
        readFileSync(join(root, folder, readdirSync(join(root, folder))[0] ?? '')),
      );
      for (const [i, file] of files().entries()) {
        const bytes = readFileSync(file);
        writeFileSync(file, others[i] ?? '');
        const { rollout, calls } = about({ severity: 'off' });
        await expect(startCandidate(rollout)).rejects.toMatchObject({ code: 'artifact-altered' });
        expect(calls()).toBe(0);
        writeFileSync(file, bytes);
      }
    } finally {
      second.remove();
    }
  });
});

describe('G1 the signature of an artifact', () => {
  it('verifies, and the gate says who signed, when and with which key', async () => {
    const { rollout } = about({ signature: 'required', signers: ['ada@example.org'] });
    expect(await gateOf(rollout)).toMatchObject({
      status: 'passed',
      detail: expect.stringMatching(
        /^[0-9a-f]{12} has the bytes that were built; signed by ada@example\.org at 20\S+Z with ED25519 key SHA256:/,
      ),
    });
  });

  it('is skipped with its reason where no key is configured, and refused where one is required', async () => {
    const { signature: _, ...unsigned } = ref;
    const without = { ...unsigned, unsigned: 'no signing key is configured' };
    expect(await gateOf(about({}, without, {}).rollout)).toMatchObject({
      status: 'skipped',
      detail: expect.stringContaining('no signing key is configured'),
    });
    const { rollout, calls } = about({ signature: 'required' }, without, {});
    expect(await gateOf(rollout)).toMatchObject({
      status: 'failed',
      severity: 'blocking',
      detail: expect.stringContaining('has to be signed here'),
    });
    await expect(startCandidate(rollout)).rejects.toMatchObject({ code: 'artifact-refused' });
    expect(calls()).toBe(0);
  });

  it('does not count where somebody made it who is not believed, or not here', async () => {
    const onlyEve = signingOf([eve]);
    const strangers = about({ signature: 'optional' }, ref, onlyEve);
    expect(await gateOf(strangers.rollout)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('nobody among the allowed signers'),
    });
    await expect(startCandidate(strangers.rollout)).rejects.toMatchObject({ code: 'artifact-refused' });
    expect(strangers.calls()).toBe(0);
    expect(await gateOf(about({ signers: ['release@example.org'] }).rollout)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('ada@example.org is not among its signers here'),
    });
  });

  it('does not count where it was made again by somebody else, or for another artifact', async () => {
    const again = await artifactWorld();
    try {
      // Eve signs the very same artifact, and puts her signature in its place.
      const resigned = await again.artifacts.make(
        again.request(again.commit({ 'input.txt': 'other\n' }), { signing: { ...signing, sshKey: eve.key } }),
      );
      expect(resigned.signature).toBeDefined();
      const store = join(again.stateDir, 'artifacts/signatures');
      expect((await again.artifacts.verify(resigned, signing)).signature).toMatchObject({
        kind: 'bad',
        why: expect.stringContaining('nobody among the allowed signers'),
      });
      // Ada’s signature of another artifact.
      const other = files()[2] ?? '';
      const { sha256 = '' } = ref.signature ?? {};
      writeFileSync(join(store, `${resigned.digest}.json`), readFileSync(other));
      if (!ref.signature) throw new TypeError('not signed');
      const swapped = { digest: resigned.digest, signature: { ...ref.signature, sha256 } };
      expect((await again.artifacts.verify(swapped, signing)).signature).toEqual({
        kind: 'bad',
        why: 'it was made for another artifact',
      });
    } finally {
      again.remove();
    }
  });

  it('is made and verified by a program of one’s own', async () => {
    const own = await artifactWorld();
    try {
      const command = {
        sign: ['sh', '-c', 'sha256sum < "$1" > "$2"', 'sh', '{statement}', '{signature}'],
        verify: ['sh', '-c', 'sha256sum < "$1" | cmp - "$2"', 'sh', '{statement}', '{signature}'],
        identity: 'release@example.org',
      };
      const made = await own.artifacts.make(own.request(own.commit(), { signing: { command } }));
      expect(made.signature?.format).toBe('command');
      const verified = (how: SigningPlan, signers: string[] = []) =>
        own.artifacts.verify(made, how, signers).then(({ signature }) => signature);
      expect(await verified({ command })).toMatchObject({
        kind: 'verified',
        principal: 'release@example.org',
      });
      expect(await verified({ command }, ['someone@example.org'])).toMatchObject({ kind: 'bad' });
      expect(await verified({ command: { ...command, verify: ['false'] } })).toMatchObject({ kind: 'bad' });
      expect(await verified({})).toMatchObject({ kind: 'unknown' });
    } finally {
      own.remove();
    }
  });

  it('says why it could not be made: a key that is not there, or that asks for a passphrase', async () => {
    const own = await artifactWorld();
    try {
      const made = await own.artifacts.make(
        own.request(own.commit(), { signing: { sshKey: '/nowhere/key' } }),
      );
      expect(made.signature).toBeUndefined();
      expect(made.unsigned).toMatch(/ssh-keygen said: .*\/nowhere\/key/);
    } finally {
      own.remove();
    }
  });
});
