/** An error answer: `{"result":"error","data":"<text>"}`. Thrown by a handler it undoes the handler's changes. */
export class BitsbyError extends Error {
  override name = 'BitsbyError';
  /** Not documented by Bitsby: whether a call worked is told by `result` alone. */
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

export const refused = (text: string): BitsbyError => new BitsbyError(200, text);

export const invalidApiKey = (): BitsbyError => new BitsbyError(401, 'Invalid API key');

export const unknownMethod = (): BitsbyError => new BitsbyError(404, 'Method not found');

export const notPost = (): BitsbyError => new BitsbyError(405, 'Only POST is allowed');

/** The only error text that Bitsby documents. Source: https://docs.bitsby.app/api-documentation/general-information */
export const tooFrequent = (): BitsbyError => new BitsbyError(429, 'Requests too frequent');

export const serverError = (): BitsbyError => new BitsbyError(500, 'Internal server error');
