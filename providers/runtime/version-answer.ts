/** A version fits in far less; the rest is not read. */
const maxBytes = 64 * 1024;

const timeoutMs = 5000;

/** What `GET http://host:port/path` answers with a 2xx, its first 64 kB; undefined for anything else. Never throws. */
export async function versionAnswer(
  address: { host: string; port: number },
  path: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const inTime = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`http://${host}:${address.port}${path}`, {
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, inTime]) : inTime,
      headers: { 'user-agent': 'orchestra-health' },
    });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      chunks.push(chunk);
      if (bytes > maxBytes) break;
    }
    return response.ok ? Buffer.concat(chunks).toString('utf8', 0, maxBytes) : undefined;
  } catch {
    return undefined;
  }
}
