import net from 'node:net';
import { OrchestraError } from '../../../src/domain/errors.ts';
import { safeText } from '../../../src/domain/safe-text.ts';

/** A command is answered from memory; more time than this means that HAProxy hangs. */
const answerMs = 5_000;
const largestAnswer = 16 * 1024 * 1024;
/** All that a word needs; with `;`, blanks, quotes, `\` or `<` it could become another command. */
const word = /^[A-Za-z0-9_.:/@=#-]+$/;

/**
 * One command to the Runtime API (HAProxy management guide 9.3) and its answer; `payload` are lines of words. Throws code
 * `router-down` when nothing answers within 5 s, and a `TypeError` for a word that is none: it must be checked before.
 */
export function command(
  socket: string,
  words: readonly string[],
  payload?: readonly string[],
): Promise<string> {
  const lines = [words, ...(payload ?? []).map((line) => line.split(' '))];
  for (const part of lines.flat()) {
    if (!word.test(part)) throw new TypeError(`not a word of HAProxy's Runtime API: ${safeText(part, 100)}`);
  }
  const asked = payload ? `${words.join(' ')} <<\n${payload.join('\n')}\n\n` : `${words.join(' ')}\n`;
  return new Promise((resolve, reject) => {
    let answer = '';
    const fail = (why: string) => {
      connection.destroy();
      reject(
        new OrchestraError('router-down', `HAProxy does not answer: ${why}`, {
          hint: 'A deployment starts it again with its last routes.',
          details: { socket },
        }),
      );
    };
    const connection = net.connect({ path: socket }, () => connection.write(asked));
    connection.setEncoding('utf8');
    connection.setTimeout(answerMs, () => fail(`nothing in ${answerMs} ms`));
    connection.on('data', (chunk: string) => {
      answer += chunk;
      if (answer.length > largestAnswer) fail('its answer has no end');
    });
    connection.on('error', (error) => fail(error.message));
    connection.on('end', () => resolve(answer.trim()));
    connection.on('close', () => fail('it closed the connection'));
  });
}

/** A command that answers nothing, or only `expected`, when it was done. Throws code `router-refused` with what it says else. */
export async function order(socket: string, words: readonly string[], expected = /^$/): Promise<void> {
  const said = await command(socket, words);
  if (expected.test(said)) return;
  throw new OrchestraError('router-refused', `HAProxy refused "${words.join(' ')}": ${safeText(said, 200)}`, {
    hint: 'Its log, haproxy.log in the environment’s folder, may say more.',
  });
}
