/** A command cannot do what it was asked. The message is for whoever typed it. */
export class Failure extends Error {
  override name = 'Failure';
  readonly exitCode: number = 1;
}

/** It was not asked for in a way that can be understood. */
export class UsageFailure extends Failure {
  override name = 'UsageFailure';
  override readonly exitCode = 2;
}
