import { safeText } from '../../domain/safe-text.ts';
import { withoutSecrets } from '../../domain/without-secrets.ts';

/** What a log says, for people: secrets, addresses of people and long tokens cut out, at most `longest` characters, safe to print. */
export function masked(message: string, longest: number): string {
  const plain = withoutSecrets(message)
    .replace(/[^\s@"'<>(]{1,64}@[^\s@"'<>)]{1,255}/gu, '***')
    .replace(/[A-Za-z0-9+/_=-]{32,}/gu, (text) => (/\d/u.test(text) ? '***' : text));
  return safeText(plain, longest);
}
