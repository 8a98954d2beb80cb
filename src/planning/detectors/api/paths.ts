/** Files that hold an interface of this kind. */
export function isOpenApiPath(path: string): boolean {
  return /(?:openapi|swagger|asyncapi)[^/]*\.(?:ya?ml|json)$|(?:^|\/)(?:openapi|swagger|asyncapi)\/(?:.*\/)?[^/]+\.(?:ya?ml|json)$/iu.test(
    path,
  );
}

export function isGraphqlPath(path: string): boolean {
  return /\.(?:graphqls?|gql)$/iu.test(path);
}

export function isProtobufPath(path: string): boolean {
  return /\.proto$/iu.test(path);
}

/** A module others import from: a package's entry, or a declaration of types. */
export function isPublicModule(path: string): boolean {
  return (
    /(?:^|\/)(?:index|mod|main|public[-_]api|api)\.[cm]?tsx?$|\.d\.[cm]?ts$/iu.test(path) &&
    !/(?:^|\/)(?:components?|pages|views|screens|playgrounds?|docs?|docs-src|demos?|examples?|scripts|website|benchmarks?|\.vitepress|\.storybook)\//iu.test(
      path,
    )
  );
}

/** What is generated, built, vendored or only shown is nobody's interface. */
export function isNobodysInterface(path: string): boolean {
  return /\.min\.js$|(?:^|\/)(?:node_modules|vendor|third_party|dist|build|out|generated|__generated__|fixtures?|__fixtures__|testdata|__mocks__|snapshots?|__snapshots__|playgrounds?|examples?|samples?|bench|benches|benchmarks?|template-[^/]{1,60}|demos?|sandbox|perf|docs?|runtime[-_]tests)\//iu.test(
    path,
  );
}
