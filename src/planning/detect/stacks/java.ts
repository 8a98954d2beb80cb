import type { Commands, Evidence, StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

/** Java and Kotlin with Maven or Gradle; Spring Boot and Quarkus know how to be started. */
export async function detectJava(project: Project): Promise<StackFindings | undefined> {
  const maven = project.first('pom.xml');
  const gradle = project.first('build.gradle', 'build.gradle.kts');
  const manifest = maven ?? gradle;
  if (!manifest) return undefined;
  const text = await project.text(manifest);
  const evidence: Evidence[] = [{ what: maven ? 'a Maven project' : 'a Gradle project', from: manifest }];
  const mvn = project.has('mvnw') ? './mvnw --batch-mode' : 'mvn --batch-mode';
  const gradlew = project.has('gradlew') ? './gradlew --no-daemon' : 'gradle --no-daemon';

  const commands: Commands = {
    build: maven ? `${mvn} package -DskipTests` : `${gradlew} assemble`,
    test: maven ? `${mvn} test` : `${gradlew} test`,
  };
  const spring = /spring-boot|org\.springframework\.boot/.test(text);
  const quarkus = /quarkus/.test(text);
  if (spring) {
    // Spring Boot leaves a second, plain jar beside the one that runs; only the latter has no "-plain".
    const jars = maven ? 'target/*.jar' : 'build/libs/*.jar';
    commands.start = `exec java -jar "$(ls ${jars} | grep -v -e -plain -e -sources -e -javadoc | head -n 1)"`;
    evidence.push({ what: 'Spring Boot', from: manifest });
  } else if (quarkus) {
    commands.start = `exec java -jar ${maven ? 'target' : 'build'}/quarkus-app/quarkus-run.jar`;
    evidence.push({ what: 'Quarkus', from: manifest });
  }
  const actuator = /spring-boot-starter-actuator/.test(text);
  const quarkusHealth = /quarkus-smallrye-health/.test(text);
  const healthPath = actuator ? '/actuator/health' : quarkusHealth ? '/q/health' : undefined;
  return {
    stack: 'java',
    claim: commands.start ? 2 : 1,
    ...commands,
    sources: /\.(java|kt)$/,
    usualPort: 8080,
    ...(spring ? { portEnv: 'SERVER_PORT' } : quarkus ? { portEnv: 'QUARKUS_HTTP_PORT' } : {}),
    ...(healthPath ? { healthPath: { path: healthPath, from: manifest } } : {}),
    evidence,
  };
}
