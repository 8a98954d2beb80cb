/** Folders in which other people's code is kept, after GitHub's linguist. */
const vendored =
  /(?:^|\/)(?:vendor|vendored|vendors|third[-_]party|3rd[-_]?party|external_libs|node_modules|bower_components|jspm_packages|Godeps|Carthage\/(?:Build|Checkouts)|Pods|\.yarn\/(?:releases|plugins|cache|sdks|unplugged|versions))\/|^(?:deps|Dependencies)\/|(?:^|\/)gradle\/wrapper\/|(?:^|\/)(?:gradlew|gradlew\.bat|mvnw|mvnw\.cmd)$|(?:^|\/)\.pnp\.(?:c?js|loader\.mjs)$/u;

/** Names that generators give their files. */
const written =
  /(?:^|\/)(?:__generated__|__snapshots__|generated)\/|\.min\.(?:js|mjs|cjs|css)$|\.(?:js|mjs|cjs|css)\.map$|\.pb\.(?:go|cc|h|gw\.go|validate\.go)$|_(?:grpc\.)?pb(?:_grpc|_service)?\.(?:js|ts|d\.ts|rb)$|_pb2(?:_grpc)?\.pyi?$|\.(?:g|freezed|gr|config)\.dart$|\.(?:designer|g|g\.i)\.cs$|[._-]generated\.\w{1,10}$|(?:^|\/)zz_generated[^/]*$|\.generated\.[^/]+$|\.snap$|(?:^|\/)(?:y\.tab|lex\.yy)\.[ch]$/iu;

/** What generators write at the top of their files, by Go's and Facebook's conventions and in words. */
const marker =
  /@generated\b|\bDO NOT (?:EDIT|MODIFY)\b|^\W*(?:this (?:file|code) (?:is|was|has been) |code )?(?:auto(?:matically)?|machine)[- ]?generated\b|^\W*(?:this (?:file|code) (?:is|was|has been) |code )?generated (?:by|from|with|using)\b/iu;

/** How comments begin; a notice stands in one. */
const comment = /^\s{0,8}(?:\/\/|\/?\*|#|--|;|<!--|%|")/u;

/** Lines from the top in which such a line stands. */
const markerLines = 10;

/** Whether this is a copy of code that others keep. */
export function isVendored(path: string): boolean {
  return vendored.test(path);
}

/**
 * Whether a tool wrote this file, lockfiles aside: by its name or, where the diff shows it (`added` lines with their
 * numbers), by the notice at its top.
 */
export function isMachineWritten(
  path: string,
  added: readonly { line: number; text: string }[] = [],
): boolean {
  if (written.test(path)) return true;
  for (const { line, text } of added) {
    if (line > markerLines) return false;
    const start = text.slice(0, 200);
    if (comment.test(start) && marker.test(start)) return true;
  }
  return false;
}
