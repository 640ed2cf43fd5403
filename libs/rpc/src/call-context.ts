import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What travels with a request through every part: its id and its W3C trace context. */
export interface CallContext {
  requestId: string;
  /** https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent: string;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The context of the request being served, if one is. */
export const callContext = (): CallContext | undefined => storage.getStore();

export const withCallContext = <T>(context: CallContext, run: () => T): T =>
  storage.run(context, run);

const requestIdForm = /^[\w.:-]{1,128}$/;
const traceparentForm = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** From the pool behind `randomUUID`, which costs a tenth of `randomBytes`. */
const randomHex = (digits: 16 | 32): string => randomUUID().replaceAll('-', '').slice(-digits);

/** The context of an incoming request: what its headers carry where well-formed, else new ids. */
export const incomingContext = (header: {
  requestId: string | undefined;
  traceparent: string | undefined;
}): CallContext => {
  const { requestId, traceparent } = header;
  return {
    requestId:
      requestId !== undefined && requestIdForm.test(requestId) ? requestId : `req_${randomUUID()}`,
    traceparent:
      traceparent !== undefined && traceparentForm.test(traceparent)
        ? traceparent
        : `00-${randomHex(32)}-${randomHex(16)}-01`,
  };
};

/** The headers that carry a context to the next process: the same trace, a span of its own. */
export const outgoingHeaders = (context: CallContext): Record<string, string> => ({
  'x-request-id': context.requestId,
  traceparent: context.traceparent.replace(
    traceparentForm,
    (_all, trace: string, flags: string) => `00-${trace}-${randomHex(16)}-${flags}`,
  ),
});
