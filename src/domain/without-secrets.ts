/** Programs repeat addresses and settings when they fail; passwords and tokens in them are nobody's to read. */
export function withoutSecrets(line: string): string {
  return line
    .replace(/:\/\/[^/\s@]{1,500}@/gu, '://***@')
    .replace(/\b(bearer|basic)\s[\w.~+/=-]{8,}/giu, '$1 ***')
    .replace(/\beyJ[\w-]{8,}(?:\.[\w-]{1,4000}){0,2}/gu, '***')
    .replace(/\b(?:sk|pk|rk|gh[pousr]|xox[abpr]|AKIA|glpat)[-_]?[A-Za-z0-9_-]{16,}/gu, '***')
    .replace(
      /((?:token|password|passwd|secret|authorization|api[-_]?key)["']?\s{0,3}[=:]\s{0,3}["']?)(?:(?:basic|bearer)\s)?[^\s"',]{4,}/giu,
      '$1***',
    );
}
