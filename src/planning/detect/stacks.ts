import type { StackFindings } from './detection.ts';
import type { Project } from './project.ts';
import { detectDotnet } from './stacks/dotnet.ts';
import { detectGo } from './stacks/go.ts';
import { detectJava } from './stacks/java.ts';
import { detectNode } from './stacks/node.ts';
import { detectPhp } from './stacks/php.ts';
import { detectPython } from './stacks/python.ts';
import { detectRuby } from './stacks/ruby.ts';
import { detectRust } from './stacks/rust.ts';
import { detectStatic } from './stacks/static.ts';

type Detector = (project: Project) => Promise<StackFindings | undefined>;

/** Every stack that is known; of equal claims the first wins. A new stack is a file and a line here. */
export const stackDetectors: readonly Detector[] = Object.freeze([
  detectPython,
  detectRuby,
  detectPhp,
  detectJava,
  detectGo,
  detectRust,
  detectDotnet,
  // Last of those with a server: other stacks keep a package.json for their pages' scripts.
  detectNode,
  detectStatic,
]);
