/** What the boundary check looks at; read from the disk, or made up by a test. */
export interface Workspace {
  packages: readonly WorkspacePackage[];
  /** The devDependencies of the root's package.json. */
  rootDevDependencies: readonly string[];
}

export interface WorkspacePackage {
  /** Relative to the root, such as `apps/gateway`. */
  folder: string;
  name: string;
  /** The `exports` of its package.json: subpath to file. */
  exports: Readonly<Record<string, string>>;
  dependencies: readonly string[];
  devDependencies: readonly string[];
  files: readonly SourceFile[];
}

export interface SourceFile {
  /** Relative to the package, such as `src/app.ts`. */
  path: string;
  /** The module specifier of every import and re-export, as written. */
  imports: readonly string[];
}
