import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { Git } from '../../src/ports/git.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { SecretFound } from '../../src/ports/scanners.ts';
import { addedLines } from './added-lines.ts';

/** So many places are named, and counted, at the most. */
const mostFound = 1000;

const config = {
  rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} }],
};

/** Looks at the lines that `sha` adds to `base` with secretlint's recommended rules. What they find is told by place and rule alone. */
export async function scanSecrets(
  git: Git,
  base: string,
  sha: string,
): Promise<{ lines: number; found: SecretFound[] }> {
  const found: SecretFound[] = [];
  let lines = 0;
  for await (const part of addedLines(git, base, sha)) {
    lines += part.lines.length;
    // What does not stand together is not read together.
    const texts: string[] = [];
    const numbers: number[] = [];
    for (const { line, text } of part.lines) {
      const before = numbers.at(-1);
      if (before !== undefined && line !== before + 1) {
        texts.push('');
        numbers.push(before);
      }
      texts.push(text);
      numbers.push(line);
    }
    const { messages } = await lintSource({
      source: {
        filePath: part.path,
        content: texts.join('\n'),
        contentType: 'text',
        ext: /\.[^./]*$/.exec(part.path)?.[0] ?? '',
      },
      options: { config, noPhysicFilePath: true, maskSecrets: true },
    });
    for (const { ruleId, messageId, loc } of messages)
      if (found.length < mostFound)
        found.push({
          path: safeText(part.path, 300),
          line: numbers[loc.start.line - 1] ?? 0,
          rule: safeText(`${ruleId.replace(/^@secretlint\/secretlint-rule-/, '')} ${messageId}`, 100),
        });
  }
  return { lines, found };
}
