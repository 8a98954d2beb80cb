import { messageOf } from '../../src/domain/errors.ts';

/** An answer with one number needs a few hundred bytes; whoever sends more than this is no metric source. */
const maxBytes = 1_000_000;

/**
 * The JSON that `url` answers a GET with, and its status. Redirects are refused: the token must not travel to another
 * host. Throws what prevented it: no connection, more than a megabyte, no JSON.
 */
export async function getJson(
  url: string,
  options: { token: string | undefined; signal: AbortSignal },
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, {
    redirect: 'manual',
    signal: options.signal,
    headers: {
      accept: 'application/json',
      'user-agent': 'orchestra-metrics',
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    },
  }).catch((error: unknown) => {
    // What really happened (refused, reset, no such host) is the cause; the message only says that something did.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`it cannot be reached: ${messageOf(cause) || 'no connection'}`, { cause: error });
  });
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new Error(`it answered ${response.status}, a redirect; name the address it leads to`);
  }
  const text = await boundedText(response);
  try {
    return { status: response.status, json: JSON.parse(text) };
  } catch (error) {
    if (!response.ok) return { status: response.status, json: undefined };
    throw new Error('it answered with what is no JSON', { cause: error });
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the body: the rest is never read.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`its answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
